/** Where the inspector is on the router's address; no route can begin with it. */
export const INSPECTOR_PATH = '/__lpr';
