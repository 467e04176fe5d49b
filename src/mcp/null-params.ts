/**
 * Some clients write `"params": null` for none, which JSON-RPC does not allow and the SDK refuses.
 *
 * @param body one message or a batch, as it was parsed
 */
export function withoutNullParams(body: unknown): unknown {
  if (Array.isArray(body)) return body.map(withoutNullParams);
  if (typeof body !== 'object' || body === null || !('params' in body) || body.params !== null) return body;
  const { params: _, ...message } = body;
  return message;
}
