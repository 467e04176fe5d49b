import { Secret } from '../log.ts';
import { whyNotDeniable } from '../glob/denied-paths.ts';
import { splitGlobs } from '../glob/glob-list.ts';
import type { Environment } from '../machine.ts';
import { flagOf } from './option.ts';
import { optionOf, options } from './options.ts';
import type { KnownOption, OptionKey, SecretKey } from './options.ts';
import { isReadableByAll, readSecretFile } from './settings-file.ts';

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

type PlainKey = Exclude<OptionKey, SecretKey>;

interface Value {
  readonly text: string;
  /** The flag, the variable, or what else it was read from, as the beginning of a sentence. */
  readonly source: string;
  readonly isFlag: boolean;
}

/** One of the places where a value can be given. */
interface Place {
  readonly value: (option: KnownOption) => string | undefined;
  /** How people write the setting in this place. */
  readonly name: (option: KnownOption) => string;
  /** It is a flag, whose values other programs can see. */
  readonly isFlag: boolean;
}

/**
 * The values of the settings: from flags, else the environment, else the stored settings, else the defaults.
 * A wrong value adds a line to `problems`, and the default is used.
 */
export class Values {
  readonly #sources: Sources;
  readonly #problems: string[] = [];
  readonly #missing: string[] = [];
  readonly #warnings: string[] = [];
  /** Each file is read once. `unusable`: a problem says why. */
  readonly #secrets = new Map<SecretKey, Value | 'unusable' | undefined>();

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

  /** Sentences about what works and is not safe. */
  get warnings(): readonly string[] {
    return Object.freeze([...this.#warnings]);
  }

  /** The value as it was given, spaces included. */
  text(key: PlainKey): string | undefined {
    return this.#find(key)?.text;
  }

  /** Given itself, or as the file that holds it. */
  secret(key: SecretKey): Secret | undefined {
    const text = this.#find(key)?.text;
    return text === undefined ? undefined : new Secret(text.trim());
  }

  /** Whether there is a value, even one that cannot be used. */
  isGiven(key: OptionKey): boolean {
    return this.#find(key) !== undefined || this.#isUnusable(key);
  }

  /** The flag or variable that the value comes from, as people write it. */
  nameOf(key: OptionKey): string | undefined {
    const rows = [optionOf(key), ...options.filter((one) => one.key === `${key}File`)];
    const [name] = this.#places().flatMap((place) =>
      rows.filter((row) => isPresent(place.value(row))).map((row) => place.name(row)),
    );
    return name;
  }

  flag(key: PlainKey): boolean {
    const text = this.text(key)?.trim().toLowerCase() ?? '';
    if (['true', '1', 'yes', 'on'].includes(text)) return true;
    if (['false', '0', 'no', 'off'].includes(text)) return false;
    this.wrong(key, 'it must be true or false');
    return optionOf(key).fallback === 'true';
  }

  number(key: PlainKey): number {
    const { min = 0, max = Infinity, fallback } = optionOf(key);
    const text = this.text(key)?.trim() ?? '';
    const parsed = /^\d+$/.test(text) ? Number(text) : NaN;
    if (parsed >= min && parsed <= max) return parsed;
    this.wrong(key, `it must be a whole number from ${min} to ${max}`);
    return Number(fallback);
  }

  list(key: PlainKey): string[] {
    return this.#items(key, (text) => text.split(text.includes(LIST_SEPARATOR) ? LIST_SEPARATOR : ','));
  }

  /**
   * A list of globs of paths to deny. A comma in braces or brackets does not separate. Where it is not clear whether a
   * comma does, both is denied; a glob that cannot be understood denies everything.
   */
  deniedGlobs(key: PlainKey): string[] {
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

  #items(key: PlainKey, split: (text: string) => string[]): string[] {
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
  chosen(key: PlainKey): string[] {
    const { choices = [], fallback = '' } = optionOf(key);
    const items = this.list(key);
    if (items.every((item) => choices.includes(item))) return items;
    this.wrong(key, `it can contain only ${choices.join(', ')}`);
    return fallback.split(',');
  }

  choice(key: PlainKey): string {
    const { choices = [], fallback = '' } = optionOf(key);
    const text = this.text(key);
    if (text !== undefined && choices.includes(text)) return text;
    this.wrong(key, `it must be one of ${choices.join(', ')}`);
    return fallback;
  }

  /** Notes that the setting is missing when there is no value. */
  need(key: OptionKey): void {
    if (!this.isGiven(key)) this.#missing.push(optionOf(key).env);
  }

  /**
   * Adds a problem with the value, if there is one.
   *
   * @param shown what the value is, in words, where it must not be repeated
   */
  wrong(key: OptionKey, why: string, shown?: string): undefined {
    const value = this.#find(key);
    if (!value) return;
    const option = optionOf(key);
    const { source, isFlag, text } = value;
    const what = option.kind === 'secret' ? 'is not valid' : `is ${shown ?? JSON.stringify(text)}`;
    const example = isFlag ? `--${flagOf(option)} ${option.example}` : `${option.env}=${option.example}`;
    // The value of the example is wrong as well, in combination with other settings.
    const advice = text.trim() === option.example ? '.' : `. Example: ${example}`;
    this.#problems.push(`${source} ${what}: ${why}${advice}`);
  }

  #find(key: OptionKey): Value | undefined {
    if (isSecret(key)) {
      const found = this.#findSecret(key);
      return found === 'unusable' ? undefined : found;
    }
    const option = optionOf(key);
    for (const place of this.#places()) {
      const text = place.value(option);
      if (isPresent(text)) return { text, source: place.name(option), isFlag: place.isFlag };
    }
    if (option.fallback === undefined) return undefined;
    return { text: option.fallback, source: `The default of ${option.env}`, isFlag: false };
  }

  #isUnusable(key: OptionKey): boolean {
    return isSecret(key) && this.#findSecret(key) === 'unusable';
  }

  #findSecret(key: SecretKey): Value | 'unusable' | undefined {
    if (!this.#secrets.has(key)) this.#secrets.set(key, this.#readSecret(key));
    return this.#secrets.get(key);
  }

  /** From the first place that has the secret or its file. A place that has both contradicts itself. */
  #readSecret(key: SecretKey): Value | 'unusable' | undefined {
    const [option, fileOption] = [optionOf(key), optionOf(`${key}File`)];
    for (const place of this.#places()) {
      const [text, path] = [place.value(option), place.value(fileOption)];
      if (isPresent(text) && isPresent(path)) {
        this.#problems.push(
          `${place.name(option)} and ${place.name(fileOption)} are both given. Leave one of them out.`,
        );
        return 'unusable';
      }
      if (isPresent(text)) {
        if (place.isFlag)
          this.#warnings.push(
            `${place.name(option)} is on the command line, where other programs and the history of the shell see it. Set ${option.env}, or name a file with ${place.name(fileOption)} or ${fileOption.env}.`,
          );
        return { text, source: place.name(option), isFlag: place.isFlag };
      }
      if (isPresent(path)) return this.#readSecretFile(fileOption, path.trim());
    }
    return undefined;
  }

  #readSecretFile(option: KnownOption, path: string): Value | 'unusable' {
    const file = readSecretFile(path);
    if ('why' in file) {
      // The secret itself may have been put where its file belongs.
      const isPath = /^(~?[/\\]|\.{1,2}[/\\]|[a-z]:)/i.test(path);
      this.wrong(option.key, file.why, isPath ? undefined : 'a name that is not shown here');
      return 'unusable';
    }
    if (isReadableByAll(path))
      this.#warnings.push(
        `Every user of this computer can read ${path}, the file that ${option.env} names. Let only yourself read it: chmod 600.`,
      );
    return { text: file.text, source: `The secret in the file ${path}`, isFlag: false };
  }

  #places(): readonly Place[] {
    const { flags, env, stored, storedFirst } = this.#sources;
    const given: readonly Place[] = [
      { value: ({ key }) => flags[key], name: (option) => `--${flagOf(option)}`, isFlag: true },
      { value: (option) => env[option.env], name: (option) => option.env, isFlag: false },
    ];
    const last: Place = {
      value: ({ key }) => stored[key],
      name: ({ env: variable }) => `${variable} of the stored account`,
      isFlag: false,
    };
    return storedFirst ? [last, ...given] : [...given, last];
  }
}

function isPresent(text: string | undefined): text is string {
  return text?.split(LIST_SEPARATOR).some((line) => line.trim() !== '' && !isPlaceholder(line)) ?? false;
}

// A bundle passes an optional setting that was left empty as the literal text `${user_config.name}`.
function isPlaceholder(text: string): boolean {
  return /^\$\{[\w.]+\}$/.test(text.trim());
}

function isSecret(key: OptionKey): key is SecretKey {
  return optionOf(key).kind === 'secret';
}
