import {
  acceptedContent,
  CLIENT_CAPABILITIES_META_KEY,
  inputRequired,
  inputResponse,
} from '@modelcontextprotocol/server';
import type {
  CallToolResult,
  ClientCapabilities,
  InputRequiredResult,
  McpServer,
  ServerContext,
} from '@modelcontextprotocol/server';
import { formatBytes } from '../text/byte-size.ts';
import type { ConfirmationRequired } from '../files/context/confirm-tokens.ts';
import { linesContent, linesText } from './text-content.ts';

/**
 * A large change is agreed to before it is made: by the person, where the client can ask, else by a
 * second call with the token of the plan. The token is signed, so it is not more than the plan it came with.
 */

const KEY = 'agree';
const question = {
  type: 'object' as const,
  properties: { agree: { type: 'boolean' as const, title: 'Do this', default: false } },
  required: ['agree'],
};

/** Whether the client can put a question to the person. */
export function canAsk(server: McpServer, { mcpReq }: ServerContext): boolean {
  const envelope = mcpReq.envelope as Readonly<Record<string, ClientCapabilities | undefined>> | undefined;
  const own = envelope?.[CLIENT_CAPABILITIES_META_KEY];
  const { elicitation } = own ?? server.server.getClientCapabilities() ?? {};
  return elicitation !== undefined && (elicitation.form !== undefined || elicitation.url === undefined);
}

/** The token of a plan that the person has just agreed to, as the argument that the tool takes. */
export function confirmationGiven({ mcpReq }: ServerContext): { confirm?: string } {
  const answer = acceptedContent(mcpReq.inputResponses, KEY);
  const token = mcpReq.requestState<string>();
  return answer?.['agree'] === true && typeof token === 'string' ? { confirm: token } : {};
}

export function askForConfirmation(
  { plan, token }: ConfirmationRequired,
  { mcpReq }: ServerContext,
): CallToolResult | InputRequiredResult {
  const answer = inputResponse(mcpReq.inputResponses, KEY);
  if (answer.kind === 'elicit' && (answer.action !== 'accept' || answer.content?.['agree'] !== true))
    return linesContent(['cancelled: The person said no. Nothing was changed.'], { isError: true });
  const message = linesText([...plan.lines.slice(0, 20), ...more(plan.lines.length - 20)]);
  return inputRequired({
    inputRequests: { [KEY]: inputRequired.elicit({ message, requestedSchema: question }) },
    requestState: token,
  });
}

export function plannedResult({ plan, token }: ConfirmationRequired): CallToolResult {
  const { lines, items, bytes, final } = plan;
  const next = final
    ? 'It cannot be undone. Ask the person, then make the same call with confirm.'
    : 'It can be undone. When the person wants this, make the same call with confirm.';
  const shown = [
    `Nothing was changed yet. This would touch ${items} items with ${formatBytes(bytes)}:`,
    ...lines.slice(0, 100),
    ...more(lines.length - 100),
    next,
    `confirm: ${token}`,
  ];
  // Some clients show the structured content alone.
  return linesContent(shown, {
    structuredContent: { changed: false, confirm: token, next, plan: { ...plan } },
  });
}

function more(count: number): string[] {
  return count > 0 ? [`and ${count} more`] : [];
}
