import type { UndoStep } from '../../src/files/context/undo.ts';
import { parsePath } from '../../src/path.ts';
import type { Remedy } from '../../src/remedy.ts';

/** One or more of every kind of remedy and undo: the compiler asks for a kind that is missing here. */

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

const allSteps: { readonly [K in UndoStep['action']]: readonly Extract<UndoStep, { action: K }>[] } = {
  delete: [
    { action: 'delete', paths: path },
    { action: 'delete', paths: [path, other] },
  ],
  move: [{ action: 'move', from: path, to: other }],
  'restore-from-trash': [
    { action: 'restore-from-trash', item: '42', path },
    { action: 'restore-from-trash', item: path, path },
  ],
  'restore-version': [{ action: 'restore-version', path, version: '1700000000' }],
  'write-empty': [{ action: 'write-empty', path }],
  'set-tags': [{ action: 'set-tags', path, add: ['one'], remove: ['two'] }],
  'set-favorite': [{ action: 'set-favorite', path, favorite: false }],
  'delete-comment': [{ action: 'delete-comment', path }],
  'delete-share': [{ action: 'delete-share', id: '1' }],
  'update-share': [
    { action: 'update-share', id: '1', can: 'read', passwordLost: false },
    { action: 'update-share', id: '1', expires: '', note: 'old', passwordLost: true },
  ],
  'create-share': [
    { action: 'create-share', path, type: 'link', can: 'read', expires: '2099-01-02' },
    { action: 'create-share', path, type: 'user', recipient: 'bob', can: 'edit' },
  ],
  'ask-owner': [{ action: 'ask-owner', owner: 'Bob', path }],
  'connect-storage': [{ action: 'connect-storage', path }],
  impossible: [{ action: 'impossible' }],
};

export const remedies: readonly Remedy[] = Object.values(allRemedies).flat();
export const undoSteps: readonly UndoStep[] = Object.values(allSteps).flat();
