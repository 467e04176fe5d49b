import { setTimeout as sleep } from 'node:timers/promises';
import type { CallToolResult, ElicitRequestFormParams, McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';

const STEP_MS = 50;
const text = (value: string): CallToolResult => ({ content: [{ type: 'text', text: value }] });

const defaults: ElicitRequestFormParams = {
  message: 'Please review and update the form',
  requestedSchema: {
    type: 'object',
    properties: {
      name: { type: 'string', default: 'John Doe' },
      age: { type: 'integer', default: 30 },
      score: { type: 'number', default: 95.5 },
      status: { type: 'string', enum: ['active', 'inactive', 'pending'], default: 'active' },
      verified: { type: 'boolean', default: true },
    },
  },
};

const titled = (word: string) =>
  ['First', 'Second', 'Third'].map((nth, index) => ({ const: `value${index + 1}`, title: `${nth} ${word}` }));
const options = ['option1', 'option2', 'option3'];

const enums: ElicitRequestFormParams = {
  message: 'Please choose',
  requestedSchema: {
    type: 'object',
    properties: {
      untitledSingle: { type: 'string', enum: options },
      titledSingle: { type: 'string', oneOf: titled('Option') },
      legacyEnum: {
        type: 'string',
        enum: ['opt1', 'opt2', 'opt3'],
        enumNames: ['Option One', 'Option Two', 'Option Three'],
      },
      untitledMulti: { type: 'array', minItems: 1, maxItems: 3, items: { type: 'string', enum: options } },
      titledMulti: { type: 'array', minItems: 1, maxItems: 3, items: { anyOf: titled('Choice') } },
    },
  },
};

/** Tools that talk to the client while they run: progress, log lines, and questions of the older revisions. */
export function addConversations(server: McpServer): void {
  const nothing = z.object({});
  server.registerTool(
    'test_tool_with_progress',
    { description: 'Reports progress', inputSchema: nothing },
    async (_args, { mcpReq }) => {
      const progressToken = mcpReq._meta?.progressToken ?? 0;
      for (const progress of [0, 50, 100]) {
        await mcpReq.notify({
          method: 'notifications/progress',
          params: { progressToken, progress, total: 100 },
        });
        await sleep(STEP_MS);
      }
      return text(String(progressToken));
    },
  );
  server.registerTool(
    'test_tool_with_logging',
    { description: 'Logs', inputSchema: nothing },
    async (_args, { mcpReq }) => {
      for (const line of ['Tool execution started', 'Tool processing data', 'Tool execution completed']) {
        await mcpReq.log('info', line);
        await sleep(STEP_MS);
      }
      return text('Logged');
    },
  );
  server.registerTool(
    'test_sampling',
    { description: 'Samples', inputSchema: z.object({ prompt: z.string() }) },
    async ({ prompt }, { mcpReq }) => {
      const { content } = await mcpReq.requestSampling({
        messages: [{ role: 'user', content: { type: 'text', text: prompt } }],
        maxTokens: 100,
      });
      return text(`LLM response: ${JSON.stringify(content)}`);
    },
  );
  const elicit = (name: string, params: ElicitRequestFormParams): void => {
    server.registerTool(name, { description: name, inputSchema: nothing }, async (_args, { mcpReq }) => {
      const { action, content } = await mcpReq.elicitInput(params);
      return text(`Elicitation completed: action=${action}, content=${JSON.stringify(content ?? {})}`);
    });
  };
  elicit('test_elicitation_sep1034_defaults', defaults);
  elicit('test_elicitation_sep1330_enums', enums);
  server.registerTool(
    'test_elicitation',
    { description: 'Asks', inputSchema: z.object({ message: z.string() }) },
    async ({ message }, { mcpReq }) => {
      const { action, content } = await mcpReq.elicitInput({
        message,
        requestedSchema: {
          type: 'object',
          properties: { response: { type: 'string' } },
          required: ['response'],
        },
      });
      return text(`User response: action=${action}, content=${JSON.stringify(content ?? {})}`);
    },
  );
}
