import type { HttpRequest } from '../transport/http.ts';

/** A property with the prefix that stands for its namespace in all requests and answers here. */
export type NamespacedProperty = `${'d' | 'oc' | 'nc'}:${string}`;

/** Content types of a WebDAV answer. */
export const XML = /^(application|text)\/xml/;

/** Content type of the XML that is sent. */
export const XML_CONTENT_TYPE = 'application/xml; charset=utf-8';

/** Declarations of the three namespaces that {@link NamespacedProperty} uses, for the root of a request body. */
export const NAMESPACES =
  'xmlns:d="DAV:" xmlns:oc="http://owncloud.org/ns" xmlns:nc="http://nextcloud.org/ns"';

/** Escapes text for an XML element or attribute. */
export function escapeXmlText(text: string): string {
  return text.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);
}

/** `<d:prop>` that names the properties to be returned (RFC 4918 section 14.18). */
export function propElement(properties: readonly NamespacedProperty[]): string {
  return `<d:prop>${properties.map((name) => `<${name}/>`).join('')}</d:prop>`;
}

/** The body of a PROPFIND (RFC 4918 section 9.1). */
export function propfindBody(properties: readonly NamespacedProperty[]): string {
  return `<?xml version="1.0"?><d:propfind ${NAMESPACES}>${propElement(properties)}</d:propfind>`;
}

export interface PropfindRequest extends Pick<HttpRequest, 'path' | 'wanted' | 'signal'> {
  readonly depth: number | 'infinity';
  readonly properties: readonly NamespacedProperty[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** A PROPFIND whose only accepted answer is a 207 in XML. */
export function propfindRequest({ depth, properties, headers, ...rest }: PropfindRequest): HttpRequest {
  return {
    ...rest,
    method: 'PROPFIND',
    headers: { depth: String(depth), 'content-type': XML_CONTENT_TYPE, ...headers },
    body: propfindBody(properties),
    expect: [207],
    type: XML,
  };
}
