/** One row per command: the help is made from this table. Each is loaded when it is called. */
export interface Command {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<(argv: readonly string[]) => Promise<void>>;
}

export const commands: readonly Command[] = [
  {
    name: 'serve',
    summary: 'Serve an assistant over standard input and output. This is what runs without a command.',
    load: async () => (await import('./serve.ts')).serve,
  },
  {
    name: 'put',
    summary:
      'Upload: put SOURCE REMOTE, files and folders. Goes on where it was stopped. --overwrite replaces.',
    load: async () => (await import('./put.ts')).put,
  },
  {
    name: 'get',
    summary:
      'Download: get REMOTE TARGET, files and folders. Goes on where it was stopped. --overwrite replaces.',
    load: async () => (await import('./get.ts')).get,
  },
  {
    name: 'demo',
    summary: 'Show it at work on a Nextcloud of its own. --keep leaves that running for your assistant.',
    load: async () => (await import('./demo.ts')).demo,
  },
  {
    name: 'help',
    summary: 'Show this help.',
    load: async () => (await import('./help.ts')).help,
  },
];
