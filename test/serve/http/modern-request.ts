/** What a request of protocol revision 2026-07-28 carries beside its own parameters. */
export const modernMeta = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
  'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
};

/** @param name the tool, prompt or resource that the request is for */
export function modernHeaders(method: string, name?: string): Record<string, string> {
  return {
    'mcp-method': method,
    'mcp-protocol-version': '2026-07-28',
    ...(name === undefined ? {} : { 'mcp-name': name }),
  };
}
