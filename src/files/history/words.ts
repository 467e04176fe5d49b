import type { Fact, FinalReason } from './fact.ts';

type Words = { readonly [K in Fact['kind']]: (fact: Extract<Fact, { kind: K }>) => string };

const made = { written: 'created', copied: 'copied', restored: 'restored' } as const;

const done: Words = {
  made: ({ how, path, from }) =>
    how === 'copied' && from !== undefined ? `copied ${from} to ${path}` : `${made[how]} ${path}`,
  replaced: ({ path }) => `replaced the contents of ${path}`,
  moved: ({ from, to }) => `moved ${from} to ${to}`,
  removed: ({ path }) => `deleted ${path}`,
  tagged: ({ path, added, removed }) =>
    `tagged ${path}:${added.map((name) => ` +${name}`).join('')}${removed.map((name) => ` -${name}`).join('')}`,
  favorite: ({ path, favorite }) =>
    favorite ? `marked ${path} as a favorite` : `took the favorite mark from ${path}`,
  commented: ({ path }) => `commented on ${path}`,
  shared: ({ path, type, recipient }) =>
    type === 'link' ? `shared ${path} by a link` : `shared ${path} with ${recipient ?? ''}`,
  'share-changed': ({ path }) => `changed a share of ${path}`,
  final: ({ path, why }) => endings[why].done(path),
};

const endings: Readonly<Record<FinalReason, { done: (path: string) => string; why: string }>> = {
  'no-trash': { done: (path) => `deleted ${path}`, why: 'there is no trash' },
  'share-left': { done: (path) => `left the share ${path}`, why: 'only its owner can share it again' },
  'storage-removed': {
    done: (path) => `removed the connection to the storage ${path}`,
    why: 'its settings are lost',
  },
  'share-ended': {
    done: (path) => `ended a share of ${path}`,
    why: 'it can only be shared anew, and a link then has another address',
  },
  'comment-deleted': {
    done: (path) => `deleted a comment on ${path}`,
    why: 'it can only be written anew',
  },
  'link-made': { done: (path) => `made a download link for ${path}`, why: 'it ends by itself' },
};

const back: Words = {
  made: ({ path }) => `deleted ${path}`,
  replaced: ({ path }) => `put the former contents of ${path} back`,
  moved: ({ from, to }) => `moved ${to} back to ${from}`,
  removed: ({ path }) => `restored ${path} from the trash`,
  tagged: ({ path }) => `set the former tags of ${path}`,
  favorite: ({ path, was }) => (was ? `marked ${path} as a favorite` : `took the favorite mark from ${path}`),
  commented: ({ path }) => `deleted the comment on ${path}`,
  shared: ({ path }) => `ended the share of ${path}`,
  'share-changed': ({ path }) => `changed the share of ${path} back`,
  final: ({ path }) => `left ${path} as it is`,
};

/** What was changed: `moved /a to /b`. */
export function doneWords(fact: Fact): string {
  return (done[fact.kind] as (fact: Fact) => string)(fact);
}

/** How it was taken back: `moved /b back to /a`. */
export function backWords(fact: Fact): string {
  return (back[fact.kind] as (fact: Fact) => string)(fact);
}

/** Why it cannot be taken back. */
export function finalWords({ why, owner }: Extract<Fact, { kind: 'final' }>): string {
  return why === 'share-left' && owner !== undefined ? `only ${owner} can share it again` : endings[why].why;
}
