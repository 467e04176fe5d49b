import type { CommandName } from './command-line/command-table.ts';

type Run = (argv: readonly string[]) => Promise<void>;

/** The code of each command. It is loaded when the command is called, so that the server starts fast. */
export const runners: Readonly<Record<CommandName, () => Promise<Run>>> = {
  login: async () => (await import('./commands/login.ts')).loginCommand,
  logout: async () => (await import('./commands/logout.ts')).logoutCommand,
  list: async () => (await import('./commands/list.ts')).listCommand,
  install: async () => (await import('./commands/install.ts')).installCommand,
  uninstall: async () => (await import('./commands/install.ts')).uninstallCommand,
  serve: async () => (await import('./commands/serve.ts')).serveCommand,
  put: async () => (await import('./commands/put.ts')).putCommand,
  get: async () => (await import('./commands/get.ts')).getCommand,
  ls: async () => (await import('./commands/ls.ts')).lsCommand,
  changes: async () => (await import('./commands/changes.ts')).changesCommand,
  doctor: async () => (await import('./commands/doctor.ts')).doctorCommand,
  demo: async () => (await import('./demo/demo.ts')).demoCommand,
  completion: async () => (await import('./commands/completion.ts')).completionCommand,
  help: async () => (await import('./commands/help.ts')).helpCommand,
};
