#!/usr/bin/env node
import { setFlagsFromString } from 'node:v8';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(
    `lpr-router: expected Node.js >= 22.18, got ${process.versions.node} (${process.execPath})\n`,
  );
  process.exit(1);
}
// While the heap is still small everything survives, from which V8 concludes that objects of a request
// should be born old: there they die unnoticed and carry whole requests past the collection of garbage.
setFlagsFromString('--no-allocation-site-pretenuring');
const { main } = await import('../dist/cli.js');
await main(process.argv.slice(2));
