import { accessOptions } from './access-options.ts';
import { connectionOptions } from './connection-options.ts';
import { httpOptions } from './http-options.ts';
import type { Option } from './option.ts';
import { processOptions } from './process-options.ts';

const declared = [...connectionOptions, ...accessOptions, ...processOptions, ...httpOptions] as const;

type Declared = (typeof declared)[number];
export type SecretKey = Extract<Declared, { readonly kind: 'secret' }>['key'];
export type OptionKey = Declared['key'] | `${SecretKey}File`;

/** A row of the table of settings. */
export type KnownOption = Option & { readonly key: OptionKey };

/** All settings. Each secret is followed by the setting that names a file with the secret in it. */
export const options: readonly KnownOption[] = declared.flatMap((option): readonly KnownOption[] =>
  option.kind === 'secret' ? [option, secretFileOf(option)] : [option],
);

/** Containers mount secrets as files; a file is also out of reach of those who can list the processes. */
function secretFileOf(secret: Option & { readonly key: SecretKey }): KnownOption {
  return {
    key: `${secret.key}File`,
    env: `${secret.env}_FILE`,
    kind: 'file',
    help: `File with ${secret.env} in it, such as a secret that is mounted into a container. Set one of the two.`,
    example: `/run/secrets/${secret.env.toLowerCase()}`,
    ...(secret.http ? { http: true } : {}),
    ...(secret.limits ? { limits: true } : {}),
  };
}

/** The setting with this key. */
export function optionOf(key: OptionKey): KnownOption {
  const option = options.find((candidate) => candidate.key === key);
  if (!option) throw new Error(`no option ${key}`);
  return option;
}
