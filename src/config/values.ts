import { Secret } from '../log.ts';
import { whyNotDeniable } from '../glob/denied-paths.ts';
import { splitGlobs } from '../glob/glob-list.ts';
import type { Environment } from '../machine.ts';
import { flagOf, options } from './options.ts';
import type { Option, OptionKey } from './options.ts';

/** Values of settings as they were given, not checked yet. */
export type Settings = Readonly<Partial<Record<OptionKey, string>>>;

/** Separates the values of a list that was given as several arguments. They may have commas in them. */
export const LIST_SEPARATOR = '\n';

/** The places where a value can be given. */
export interface Sources {
  readonly flags: Settings;
  readonly env: Environment;
  readonly stored: Settings;
  /** The stored settings take precedence over flags and environment. */
  readonly storedFirst: boolean;
}

interface Value {
  readonly text: string;
  readonly source: string;
}

/**
 * The values of the settings: from flags, else the environment, else the stored settings, else the defaults.
 * A wrong value adds a line to `problems`, and the default is used.
 */
export class Values {
  readonly #sources: Sources;
  readonly #problems: string[] = [];
  readonly #missing: string[] = [];

  constructor(sources: Sources) {
    this.#sources = sources;
  }

  get problems(): readonly string[] {
    return Object.freeze([...this.#problems]);
  }

  /** The variables of the settings that are needed and have no value. */
  get missing(): readonly string[] {
    return Object.freeze([...this.#missing]);
  }

  /** The value as it was given, spaces included. */
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
    return this.#items(key, (text) => text.split(text.includes(LIST_SEPARATOR) ? LIST_SEPARATOR : ','));
  }

  /**
   * A list of globs of paths to deny. A comma in braces or brackets does not separate. Where it is not clear whether a
   * comma does, both is denied; a glob that cannot be understood denies everything.
   */
  deniedGlobs(key: OptionKey): string[] {
    const globs = this.#items(key, (text) => {
      if (!text.includes(LIST_SEPARATOR)) return splitGlobs(text);
      return text.split(LIST_SEPARATOR).flatMap((item) => [...new Set([item, ...splitGlobs(item)])]);
    });
    const wrong = globs.flatMap((glob) => {
      const why = whyNotDeniable(glob);
      return why === undefined ? [] : [`${JSON.stringify(glob)} ${why}`];
    });
    for (const one of wrong) this.wrong(key, one);
    return wrong.length > 0 ? ['**'] : globs;
  }

  #items(key: OptionKey, split: (text: string) => string[]): string[] {
    const text = this.text(key);
    if (text === undefined) return [];
    const items = split(text)
      .map((item) => item.trim())
      .filter((item) => item !== '' && !isPlaceholder(item));
    if (items.length === 0) this.wrong(key, 'it names nothing');
    // Some programs hand on the quotes around a value.
    if ([text.trim(), ...items].some((item) => /^(["']).*\1$/s.test(item)))
      this.wrong(key, 'quotes would be part of the value, and must be left out');
    return items;
  }

  /** A list whose items are all among the choices. */
  chosen(key: OptionKey): string[] {
    const { choices = [], fallback = '' } = optionOf(key);
    const items = this.list(key);
    if (items.every((item) => choices.includes(item))) return items;
    this.wrong(key, `it can contain only ${choices.join(', ')}`);
    return fallback.split(',');
  }

  choice(key: OptionKey): string {
    const { choices = [], fallback = '' } = optionOf(key);
    const text = this.text(key);
    if (text !== undefined && choices.includes(text)) return text;
    this.wrong(key, `it must be one of ${choices.join(', ')}`);
    return fallback;
  }

  /** Notes that the setting is missing when there is no value. */
  need(key: OptionKey): void {
    if (!this.#find(key)) this.#missing.push(optionOf(key).env);
  }

  /**
   * Adds a problem with the value, if there is one.
   *
   * @param shown is printed in place of a value that must not be repeated
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
    const given = [
      { text: flags[key], source: `--${flagOf(option)}` },
      { text: env[option.env], source: option.env },
    ];
    const storedValue = { text: stored[key], source: 'the stored account' };
    const candidates = storedFirst ? [storedValue, ...given] : [...given, storedValue];
    const found = candidates.find((one): one is Value => isPresent(one.text));
    if (found) return found;
    return option.fallback === undefined ? undefined : { text: option.fallback, source: 'the default' };
  }
}

function isPresent(text: string | undefined): text is string {
  return text?.split(LIST_SEPARATOR).some((line) => line.trim() !== '' && !isPlaceholder(line)) ?? false;
}

// A bundle passes an optional setting that was left empty as the literal text `${user_config.name}`.
function isPlaceholder(text: string): boolean {
  return /^\$\{[\w.]+\}$/.test(text.trim());
}

function optionOf(key: OptionKey): Option {
  const option = options.find((candidate) => candidate.key === key);
  if (!option) throw new Error(`no option ${key}`);
  return option;
}
