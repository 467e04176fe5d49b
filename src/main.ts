#!/usr/bin/env node
// Nothing is imported before the version is checked: an older Node.js cannot even read the other files.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 19)) {
  process.stderr.write(
    `nextcloud-files-mcp needs Node.js 22.19 or later, and this is ${process.version}. Get it from https://nodejs.org\n`,
  );
  process.exitCode = 2;
} else {
  const { setFlagsFromString } = await import('node:v8');
  // The server lies idle beside an assistant, often twice: one large listing must not leave it 25 MB larger.
  setFlagsFromString('--semi-space-growth-factor=1');
  // What outlives a young generation of that size is collected when the heap has grown by so much, and not when it has
  // grown four times as large: 10,000 requests of strangers made a server 67 MB larger without it, and 8 MB with it.
  setFlagsFromString('--heap-growing-percent=30');
  const { keepCompiledCode } = await import('./code-cache.ts');
  keepCompiledCode(process.env);
  const { run } = await import('./cli/cli.ts');
  await run(process.argv.slice(2));
}
