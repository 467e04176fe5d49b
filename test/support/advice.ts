import type { Fact, FactOf } from '../../src/files/history/fact.ts';
import { parsePath } from '../../src/path.ts';
import type { Remedy } from '../../src/remedy.ts';

/** One or more of every kind of remedy and of change: the compiler asks for a kind that is missing here. */

const path = parsePath('/dir/a "b".txt');
const other = parsePath('/other.txt');

const allRemedies: { readonly [K in Remedy['kind']]: readonly Extract<Remedy, { kind: K }>[] } = {
  'check-connection': [{ kind: 'check-connection' }],
  'correct-settings': [{ kind: 'correct-settings' }],
  'set-up': [
    { kind: 'set-up', missing: ['NEXTCLOUD_PASSWORD'] },
    { kind: 'set-up', missing: ['NEXTCLOUD_URL', 'NEXTCLOUD_USERNAME', 'NEXTCLOUD_PASSWORD'] },
  ],
  list: [{ kind: 'list' }, { kind: 'list', folder: path }],
  'list-contents': [{ kind: 'list-contents', folder: path }],
  info: [{ kind: 'info', file: path }],
  'verify-change': [
    { kind: 'verify-change' },
    { kind: 'verify-change', place: 'comments' },
    { kind: 'verify-change', place: 'shares' },
    { kind: 'verify-change', place: 'tags' },
    { kind: 'verify-change', place: 'trash' },
    { kind: 'verify-change', place: 'versions' },
  ],
  'unseen-link': [{ kind: 'unseen-link' }],
  'create-folder': [{ kind: 'create-folder', folder: path }],
  overwrite: [
    { kind: 'overwrite' },
    { kind: 'overwrite', keeps: 'version' },
    { kind: 'overwrite', keeps: 'trash' },
  ],
  'upload-again': [{ kind: 'upload-again' }],
  'replace-file': [{ kind: 'replace-file' }],
  read: [{ kind: 'read' }],
  'read-sheet': [{ kind: 'read-sheet' }],
  'read-on': [{ kind: 'read-on', offset: 7 }],
  'read-on-at': [{ kind: 'read-on-at', at: '@7' }],
  'read-bytes': [{ kind: 'read-bytes' }, { kind: 'read-bytes', preview: true }],
  'read-whole-lines': [
    { kind: 'read-whole-lines', lines: 1 },
    { kind: 'read-whole-lines', lines: 2 },
  ],
  download: [{ kind: 'download' }],
  'list-trash': [{ kind: 'list-trash' }],
  'list-versions': [{ kind: 'list-versions' }],
  'restore-version': [{ kind: 'restore-version' }],
  'list-changes': [{ kind: 'list-changes' }],
  'list-shares': [{ kind: 'list-shares' }],
  'list-tags': [{ kind: 'list-tags' }],
  'list-transfers': [{ kind: 'list-transfers' }],
  'free-destination': [{ kind: 'free-destination' }],
  'replace-all': [{ kind: 'replace-all' }],
  'next-page': [{ kind: 'next-page', cursor: 'c' }],
  'restart-listing': [{ kind: 'restart-listing' }],
  omit: [
    { kind: 'omit', option: 'offset' },
    { kind: 'omit', option: 'at' },
    { kind: 'omit', option: 'regex' },
    { kind: 'omit', option: 'if-match' },
  ],
};

const before = { can: 'read', expires: '', note: '' } as const;

const allFacts: { readonly [K in Fact['kind']]: readonly FactOf<K>[] } = {
  made: [
    { kind: 'made', path, folder: false, how: 'written', size: 1, modified: 1 },
    { kind: 'made', path, folder: true, how: 'written' },
    { kind: 'made', path, folder: true, how: 'copied', from: other, whole: true },
    { kind: 'made', path, folder: false, how: 'restored' },
  ],
  replaced: [
    { kind: 'replaced', path, oldSize: 0, oldModified: 1, size: 1, modified: 2 },
    { kind: 'replaced', path, oldSize: 3, oldModified: 1, size: 1, modified: 2 },
  ],
  moved: [{ kind: 'moved', from: path, to: other }],
  removed: [{ kind: 'removed', path, folder: false, shared: false }],
  tagged: [{ kind: 'tagged', path, added: ['one'], removed: ['two'] }],
  favorite: [
    { kind: 'favorite', path, favorite: true, was: false },
    { kind: 'favorite', path, favorite: false, was: true },
  ],
  commented: [{ kind: 'commented', path, digest: 'text', known: [] }],
  shared: [
    { kind: 'shared', path, type: 'link', known: [] },
    { kind: 'shared', path, type: 'user', recipient: 'bob', known: ['1'] },
  ],
  'share-changed': [{ kind: 'share-changed', path, id: '1', before, after: before, password: true }],
  final: [
    { kind: 'final', path, why: 'no-trash' },
    { kind: 'final', path, why: 'share-left', owner: 'Bob' },
    { kind: 'final', path, why: 'storage-removed' },
    { kind: 'final', path, why: 'share-ended' },
    { kind: 'final', path, why: 'link-made' },
    { kind: 'final', path, why: 'comment-deleted' },
  ],
};

export const remedies: readonly Remedy[] = Object.values(allRemedies).flat();
export const facts: readonly Fact[] = Object.values(allFacts).flat();
