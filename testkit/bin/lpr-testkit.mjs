#!/usr/bin/env node
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(
    `lpr-testkit: expected Node.js >= 22.18, got ${process.versions.node} (${process.execPath})\n`,
  );
  process.exit(1);
}
const { main } = await import('../dist/cli.js');
await main(process.argv.slice(2));
