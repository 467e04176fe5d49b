import { completable } from '@modelcontextprotocol/server';
import type { McpServer } from '@modelcontextprotocol/server';
import * as z from 'zod';
import { completePath } from './resources.ts';
import type { Session } from './session.ts';

/** What a person would pick from a menu. One table: the bundle's manifest is made from it too. */
export const prompts = [
  {
    name: 'brief_folder',
    title: 'Brief me on a folder',
    description: 'What is in a folder, what changed lately and what matters.',
    argument: { name: 'folder', description: 'Folder, for example /Projects/Garden' },
    text: 'Brief me on the folder ${folder} of my Nextcloud. List it with list_files, look at what was changed lately with search_files sorted by modified, and read the few documents that matter. Then tell me in a short text: what this folder is about, what changed recently, what is open. Name each file you rely on with its path. Change nothing.',
  },
  {
    name: 'find_document',
    title: 'Find a document',
    description: 'Find a document from what you remember of it.',
    argument: { name: 'memory', description: 'What you remember: a word of the name, the kind, about when' },
    text: 'Find a document in my Nextcloud. I remember this of it: ${memory}. Try search_files with parts of likely names, types and dates, more than one way if need be, and look into the best candidates with read_file. Show me at most five candidates with path, date and why each may be the one. Change nothing.',
  },
  {
    name: 'tidy_folder',
    title: 'Tidy a folder',
    description: 'Propose an order for a folder, and carry it out once you agree.',
    argument: { name: 'folder', description: 'Folder, for example /Downloads' },
    text: 'Help me tidy the folder ${folder} of my Nextcloud. List it with list_files, and propose a simple structure: which folders to make, which files to move or rename and where, which look like duplicates. Show me the plan as a table first and wait for my agreement before you call create_folder, move_file or delete_file. Never replace an existing file.',
  },
] as const;

/** Longer than any path. It comes back in the answer. */
const MOST_LETTERS = 4000;

export function addPrompts(server: McpServer, session: Session): void {
  for (const { name, title, description, argument, text } of prompts) {
    const value = z.string().max(MOST_LETTERS).describe(argument.description);
    const isFolder = argument.name === 'folder';
    const argsSchema = z.object({
      [argument.name]: isFolder
        ? completable(value, async (typed) => completePath(session, typed, { folders: true }))
        : value,
    });
    server.registerPrompt(name, { title, description, argsSchema }, (values) => ({
      messages: [
        {
          role: 'user',
          content: {
            type: 'text',
            text: text.replace(`\${${argument.name}}`, () => values[argument.name] ?? ''),
          },
        },
      ],
    }));
  }
}
