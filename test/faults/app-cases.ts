import type { Case } from './case.ts';
import { body, changed, must } from './case.ts';
import { gone, hash, plan, PLAN_VERSION } from './scene.ts';

const file_path = '/Docs/letter.txt';
const version = String(PLAN_VERSION);
const link = (permissions: number, note = ''): object => ({ type: 3, permissions, note });

/** Calls of the tools for what Nextcloud's apps keep of files: trash, versions, tags, comments, links and shares. */
export const appCases: readonly Case[] = [
  {
    tool: 'list_trash',
    what: 'all',
    args: {},
    verb: 'PROPFIND',
    wrong: ({ data }) => {
      const paths = (data['items'] as { path: string }[]).map(({ path }) => path);
      return must(paths.join() === gone && data['total'] === 1 && data['complete'] === true, paths.join());
    },
  },
  {
    tool: 'restore_from_trash',
    what: 'to its old place',
    args: { item: gone },
    verb: 'MOVE',
    wrong: ({ data }) => must(data['path'] === gone, 'elsewhere'),
    remote: changed({ [gone]: hash('gone') }),
  },
  {
    tool: 'restore_from_trash',
    what: 'to another place',
    args: { item: gone, destination_path: '/Docs/back.txt' },
    verb: 'MOVE',
    wrong: ({ data }) => must(data['path'] === '/Docs/back.txt', 'elsewhere'),
    remote: changed({ '/Docs/back.txt': hash('gone') }),
  },
  {
    tool: 'list_versions',
    what: 'of a file',
    args: { file_path: plan },
    verb: 'PROPFIND',
    wrong: ({ data }) => {
      const ids = (data['versions'] as { version: string }[]).map((each) => each.version);
      return must(ids.join() === version, ids.join());
    },
  },
  {
    tool: 'read_version',
    what: 'whole',
    args: { file_path: plan, version },
    verb: 'GET',
    wrong: ({ text }) => must(body(text) === 'the first plan', body(text)),
  },
  {
    tool: 'restore_version',
    what: 'an older one',
    args: { file_path: plan, version },
    verb: 'MOVE',
    wrong: ({ data }) => must(data['path'] === plan, 'another file'),
    remote: changed({ [plan]: hash('the first plan'), [`${plan} versions`]: '[1700000000]' }),
  },
  {
    tool: 'list_tags',
    what: 'all',
    args: {},
    verb: 'PROPFIND',
    wrong: ({ data }) => must((data['tags'] as string[]).join() === 'old', String(data['tags'])),
  },
  {
    tool: 'set_tags',
    what: 'a new one in place of another',
    args: { file_path: plan, add: ['new'], remove: ['old'] },
    verb: 'POST',
    wrong: ({ data }) => must((data['tags'] as string[]).join() === 'new', String(data['tags'])),
    remote: changed({ 'tags of the server': 'old,new', [`${plan} tags`]: '["new"]' }),
    parts: [
      { tree: changed({ 'tags of the server': 'old,new' }), told: true },
      { tree: changed({ 'tags of the server': 'old,new', [`${plan} tags`]: '["old","new"]' }), told: true },
    ],
  },
  {
    tool: 'set_tags',
    what: 'one that there is',
    args: { file_path, add: ['old'] },
    verb: 'PUT',
    wrong: ({ data }) => must((data['tags'] as string[]).join() === 'old', String(data['tags'])),
    remote: changed({ [`${file_path} tags`]: '["old"]' }),
  },
  {
    tool: 'set_tags',
    what: 'removes one',
    args: { file_path: plan, remove: ['old'] },
    verb: 'DELETE',
    wrong: ({ data }) => must((data['tags'] as string[]).length === 0, String(data['tags'])),
    remote: changed({}, [`${plan} tags`]),
  },
  {
    tool: 'set_favorite',
    what: 'on',
    args: { file_path },
    verb: 'PROPPATCH',
    wrong: ({ data }) => must(data['favorite'] === true, 'not marked'),
    remote: changed({ [`${file_path} favorite`]: 'true' }),
  },
  {
    tool: 'list_comments',
    what: 'of a file',
    args: { file_path: plan },
    verb: 'PROPFIND',
    wrong: ({ text }) => must(/^\S+ demo: Looks good$/.test(body(text)), body(text)),
  },
  {
    tool: 'add_comment',
    what: 'with the words of an earlier one',
    args: { file_path: plan, message: 'Looks good' },
    verb: 'POST',
    wrong: ({ data }) => must(data['path'] === plan, 'another file'),
    remote: changed({ [`${plan} comments`]: '["Looks good","Looks good"]' }),
  },
  {
    tool: 'get_download_link',
    what: 'of a file',
    args: { file_path },
    verb: 'POST',
    wrong: ({ data }) => must(/\/remote\.php\/direct\/\w{60}$/.test(String(data['url'])), 'no address'),
    remote: changed({ [`${file_path} directLinks`]: '1' }),
  },
  {
    tool: 'list_shares',
    what: 'all',
    args: {},
    verb: 'GET',
    wrong: ({ data }) => {
      const shares = data['shares'] as { path: string; type: string }[];
      return must(
        shares.map(({ path, type }) => path + type).join() === `${plan}link`,
        JSON.stringify(shares),
      );
    },
  },
  {
    tool: 'create_share',
    what: 'a link with the terms of an earlier one',
    args: { file_path: plan, type: 'link' },
    verb: 'POST',
    wrong: ({ data }) => must(data['path'] === plan && data['share_id'] === '2', 'another share'),
    remote: changed({ [`${plan} shares`]: JSON.stringify([link(1), link(1)]) }),
  },
  {
    tool: 'create_share',
    what: 'with a person',
    args: { file_path, type: 'user', share_with: 'bob', can: 'edit', note: 'Please read' },
    verb: 'POST',
    wrong: ({ data }) => must(data['path'] === file_path && data['can'] === 'edit', 'another share'),
    remote: changed({
      [`${file_path} shares`]: JSON.stringify([
        { type: 0, with: 'bob', permissions: 3, note: 'Please read' },
      ]),
    }),
  },
  {
    tool: 'update_share',
    what: 'two terms',
    args: { share_id: '1', can: 'edit', note: 'Please edit' },
    verb: 'PUT',
    wrong: ({ data }) => must(data['can'] === 'edit', 'not changed'),
    remote: changed({ [`${plan} shares`]: JSON.stringify([link(15, 'Please edit')]) }),
  },
  {
    tool: 'delete_share',
    what: 'a link',
    args: { share_id: '1' },
    verb: 'DELETE',
    wrong: ({ data }) => must(data['path'] === plan, 'another share'),
    remote: changed({}, [`${plan} shares`]),
  },
];
