import type { CommandName } from './command-line/command-table.ts';

type Run = (argv: readonly string[]) => Promise<void>;

/** Loads the code of a command when it is called: each start would pay for all of them otherwise. */
export const runners: Readonly<Record<CommandName, () => Promise<Run>>> = {
  login: async () => (await import('./commands/login.ts')).loginCommand,
  logout: async () => (await import('./commands/logout.ts')).logoutCommand,
  list: async () => (await import('./commands/list.ts')).listCommand,
  install: async () => (await import('./commands/install.ts')).installCommand,
  uninstall: async () => (await import('./commands/install.ts')).uninstallCommand,
  serve: async () => (await import('./commands/serve.ts')).serveCommand,
  put: async () => (await import('./commands/put.ts')).putCommand,
  get: async () => (await import('./commands/get.ts')).getCommand,
  doctor: async () => (await import('./commands/doctor.ts')).doctorCommand,
  demo: async () => (await import('./commands/demo.ts')).demoCommand,
  completion: async () => (await import('./commands/completion.ts')).completionCommand,
  help: async () => (await import('./commands/help.ts')).helpCommand,
};
