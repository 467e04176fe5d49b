import { Secret } from '../log.ts';
import type { Environment } from '../machine.ts';
import { flagOf, options } from './options.ts';
import type { Option, OptionKey } from './options.ts';
import { JOINT } from './flags.ts';
import type { Flags } from './flags.ts';

export type Settings = Readonly<Partial<Record<OptionKey, string>>>;

/** Everywhere that a value may be given. */
export interface Sources {
  readonly flags: Flags;
  readonly env: Environment;
  readonly stored: Settings;
  /** The stored settings go before all others. */
  readonly storedFirst: boolean;
}

interface Value {
  readonly text: string;
  readonly source: string;
}

/**
 * The values of the settings, found in flags, then environment, then the stored settings, then the defaults.
 * One that is missing or wrong becomes a line in `problems`, and the default stands in.
 */
export class Values {
  readonly #sources: Sources;
  readonly #problems: string[] = [];

  constructor(sources: Sources) {
    this.#sources = sources;
  }

  get problems(): readonly string[] {
    return Object.freeze([...this.#problems]);
  }

  /** As it was given, spaces included. */
  text(key: OptionKey): string | undefined {
    return this.#find(key)?.text;
  }

  secret(key: OptionKey): Secret | undefined {
    const text = this.text(key);
    return text === undefined ? undefined : new Secret(text.trim());
  }

  flag(key: OptionKey): boolean {
    const text = this.text(key)?.trim().toLowerCase() ?? '';
    if (['true', '1', 'yes', 'on'].includes(text)) return true;
    if (['false', '0', 'no', 'off'].includes(text)) return false;
    this.wrong(key, 'it must be true or false');
    return optionOf(key).fallback === 'true';
  }

  number(key: OptionKey): number {
    const { min = 0, max = Infinity, fallback } = optionOf(key);
    const text = this.text(key)?.trim() ?? '';
    const parsed = /^\d+$/.test(text) ? Number(text) : NaN;
    if (parsed >= min && parsed <= max) return parsed;
    this.wrong(key, `it must be a whole number from ${min} to ${max}`);
    return Number(fallback);
  }

  list(key: OptionKey): string[] {
    const text = this.text(key) ?? '';
    return text
      .split(text.includes(JOINT) ? JOINT : ',')
      .map((item) => item.trim())
      .filter((item) => item !== '');
  }

  /** A list of choices. */
  chosen(key: OptionKey): string[] {
    const { choices = [], fallback = '' } = optionOf(key);
    const items = this.list(key);
    if (items.every((item) => choices.includes(item))) return items;
    this.wrong(key, `it may name only ${choices.join(', ')}`);
    return fallback.split(',');
  }

  choice(key: OptionKey): string {
    const { choices = [], fallback = '' } = optionOf(key);
    const text = this.text(key);
    if (text !== undefined && choices.includes(text)) return text;
    this.wrong(key, `it must be one of ${choices.join(', ')}`);
    return fallback;
  }

  /** Notes a problem where there is no value. */
  need(key: OptionKey): void {
    if (this.#find(key)) return;
    const { env, help, example } = optionOf(key);
    this.#problems.push(`${env} is not set. ${help} Example: ${env}=${example}`);
  }

  /**
   * Notes a problem with the value, if there is one.
   *
   * @param shown stands for a value that is not to be repeated
   */
  wrong(key: OptionKey, why: string, shown?: string): undefined {
    const value = this.#find(key);
    if (!value) return;
    const { env, kind, example } = optionOf(key);
    const text = kind === 'secret' ? '[secret]' : JSON.stringify(shown ?? value.text);
    this.#problems.push(`${env} is ${text} (from ${value.source}): ${why}. Example: ${env}=${example}`);
  }

  #find(key: OptionKey): Value | undefined {
    const option = optionOf(key);
    const { flags, env, stored, storedFirst } = this.#sources;
    const name = flagOf(option);
    const given = [
      { text: flags[name], source: `--${name}` },
      { text: env[option.env], source: option.env },
    ];
    const kept = { text: stored[key], source: 'the stored account' };
    const all = storedFirst ? [kept, ...given] : [...given, kept];
    const found = all.find((one): one is Value => present(one.text));
    if (found) return found;
    return option.fallback === undefined ? undefined : { text: option.fallback, source: 'the default' };
  }
}

// A bundle passes an optional setting that was left empty as the literal `${user_config.name}`.
function present(text: string | undefined): text is string {
  return text !== undefined && text.trim() !== '' && !/^\$\{.*\}$/.test(text.trim());
}

function optionOf(key: OptionKey): Option {
  const option = options.find((candidate) => candidate.key === key);
  if (!option) throw new Error(`no option ${key}`);
  return option;
}
