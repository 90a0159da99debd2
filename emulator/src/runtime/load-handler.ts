import { asImportError, findHandler } from './find-handler.ts';
import type { LoadedHandler } from './find-handler.ts';
import { findModule } from './find-module.ts';
import type { HandlerSpec } from './handler-spec.ts';
import { importFresh } from './import-bundle.ts';
import { installAwsLambda } from './streamify.ts';

/**
 * Loads a handler by Lambda's rules, TypeScript included, with fresh module state on every call.
 * Rejects as Lambda's Node.js 24 runtime does: `Runtime.ImportModuleError`, `Runtime.HandlerNotFound`,
 * `Runtime.UserCodeSyntaxError`, `Runtime.CallbackHandlerDeprecated`, `Runtime.MalformedStreamingHandler`,
 * or whatever the module threw while it was evaluated.
 */
export async function loadHandler(
  baseDirectory: string,
  spec: HandlerSpec,
  moduleFolders: readonly string[] = [],
): Promise<LoadedHandler> {
  installAwsLambda();
  const entry = findModule(baseDirectory, spec);
  const { namespace, inputs } = await importFresh(entry, moduleFolders).catch((error: unknown) => {
    throw asImportError(error);
  });
  return findHandler(namespace, spec, inputs);
}
