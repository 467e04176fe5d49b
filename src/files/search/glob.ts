import { AppError } from '../../errors.ts';
import { foldCase } from './letter-case.ts';

/** One element of a pattern: literal text or a wildcard. */
type Step =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'one' | 'some' | 'folders' | 'anything' }
  /** `[a-c]`; the source of a character class. */
  | { readonly kind: 'class'; readonly source: string };

export interface Glob {
  readonly matches: (text: string) => boolean;
  /** The elements of its last segment, the name. */
  readonly name: readonly Step[];
  /** The pattern constrains the folders above the name. */
  readonly withFolders: boolean;
}

const MAX_ALTERNATIVES = 64;

/**
 * `*`, `?`, `[a-z]`, `[!a]`, `{one,two}` and `**` for any folders. A character is a code point, case is
 * ignored, a dot is not special, and incomplete syntax is literal text.
 */
export function parseGlob(pattern: string): Glob[] {
  return alternatives(pattern).map((one) => {
    const steps = parse(one);
    const cut = steps.findLastIndex((step) => endsFolder(step));
    const source = new RegExp(`^${steps.map(toSource).join('')}$`, 'su');
    return {
      matches: (text) => source.test(foldCase(text)),
      name: [...beginning(steps[cut]), ...steps.slice(cut + 1)],
      withFolders: one.includes('/') || steps.some(({ kind }) => kind === 'anything'),
    };
  });
}

function endsFolder(step: Step): boolean {
  return ['folders', 'anything'].includes(step.kind) || (step.kind === 'text' && step.text.includes('/'));
}

function beginning(step: Step | undefined): Step[] {
  if (step?.kind === 'anything') return [{ kind: 'some' }];
  const text = step?.kind === 'text' ? step.text.slice(step.text.lastIndexOf('/') + 1) : '';
  return text === '' ? [] : [{ kind: 'text', text }];
}

// Innermost braces first, so that nested braces are expanded too.
function alternatives(pattern: string): string[] {
  let all = [pattern];
  for (;;) {
    const next = all.flatMap((one) => {
      const braces = /\{([^{},]*(?:,[^{},]*)+)\}/.exec(one);
      if (!braces) return [one];
      const [before, after] = [one.slice(0, braces.index), one.slice(braces.index + braces[0].length)];
      return (braces[1] ?? '').split(',').map((choice) => `${before}${choice}${after}`);
    });
    if (next.length > MAX_ALTERNATIVES)
      throw new AppError('invalid_input', 'The pattern has too many alternatives in braces', {
        hint: 'Search for a part of the name instead.',
      });
    if (next.length === all.length && next.every((one, index) => one === all[index]))
      return [...new Set(next)];
    all = next;
  }
}

function parse(pattern: string): Step[] {
  const steps: Step[] = [];
  const parts = pattern.matchAll(/\*\*+\/|\*\*+|\*|\?|\[([!^]?)([^\]/]+)\]|[^*?[]+|\[/gu);
  for (const [part, negation = '', members] of parts) {
    if (part === '?') steps.push({ kind: 'one' });
    else if (part === '*') steps.push({ kind: 'some' });
    else if (part.startsWith('**')) steps.push({ kind: part.endsWith('/') ? 'folders' : 'anything' });
    else if (members === undefined) addText(steps, part);
    else {
      const source = classSource(negation, members);
      if (source === undefined) addText(steps, part);
      else steps.push({ kind: 'class', source });
    }
  }
  return steps;
}

function addText(steps: Step[], text: string): void {
  const last = steps.at(-1);
  if (last?.kind === 'text') steps[steps.length - 1] = { kind: 'text', text: last.text + text };
  else steps.push({ kind: 'text', text });
}

// Case is folded as in the names that it is compared with: `[A-Z]` becomes `[a-z]`.
function classSource(negation: string, members: string): string | undefined {
  const source = foldCase(members).replace(/[\\\]^[&~|-]/g, (char, at: number, all: string) =>
    char === '-' && at > 0 && at < all.length - 1 ? char : `\\${char}`,
  );
  try {
    return new RegExp(negation === '' ? `[${source}]` : `[^/${source}]`, 'u').source;
  } catch {
    return undefined;
  }
}

function toSource(step: Step): string {
  switch (step.kind) {
    case 'text':
      return foldCase(step.text).replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
    case 'one':
      return '[^/]';
    case 'some':
      return '[^/]*';
    case 'folders':
      return '(?:.*/)?';
    case 'anything':
      return '.*';
    case 'class':
      return step.source;
  }
}
