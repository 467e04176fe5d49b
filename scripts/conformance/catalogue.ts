import { McpServer } from '@modelcontextprotocol/server';
import { addContents } from './contents.ts';
import { addConversations } from './conversations.ts';
import { addQuestions, state } from './questions.ts';

/** The tools, resources and prompts that the conformance suite expects, in place of ours. */
export function createCatalogue(): McpServer {
  const server = new McpServer(
    { name: 'conformance-catalogue', version: '1.0.0' },
    {
      capabilities: { logging: {}, resources: { subscribe: true }, completions: {} },
      requestState: { verify: async (sealed, context) => state.verify(sealed, context) },
    },
  );
  addContents(server);
  addConversations(server);
  addQuestions(server);
  server.server.setRequestHandler('resources/subscribe', () => ({}));
  server.server.setRequestHandler('resources/unsubscribe', () => ({}));
  server.server.setRequestHandler('completion/complete', () => ({ completion: { values: [] } }));
  return server;
}
