import { createApp } from '../../app/app.ts';
import { explained } from '../../app/explain.ts';
import type { App } from '../../app/app.ts';
import type { Config } from '../../config/config.ts';
import type { Settings } from '../../config/values.ts';
import { createLog } from '../../log.ts';
import { resolveSettings, showWarnings } from '../command-line/settings.ts';

export interface OpenedApp extends App {
  /** The error with the login and the address in it, as a person at a terminal needs them. */
  readonly explain: (error: unknown) => Promise<unknown>;
}

/**
 * The program for one command that a person types: it waits as long as the command takes, and logs only on request.
 *
 * @param adapt changes the configuration for this command
 * @throws AppError `config` when the settings do not suffice
 */
export async function openApp(
  settings: Settings,
  adapt: (config: Config) => Partial<Config>,
): Promise<OpenedApp> {
  const { config } = await resolveSettings(settings);
  showWarnings(config);
  const log = createLog(settings.logLevel !== undefined ? config.logLevel : 'fatal');
  const app = createApp({ ...config, ...adapt(config) }, log, { local: true, patient: true });
  if (app.session.unusable) throw app.session.unusable;
  const { nextcloud: url, username } = app.principal;
  const explain = async (error: unknown): Promise<unknown> => explained(error, { config, url, username });
  return Object.assign(app, { explain });
}
