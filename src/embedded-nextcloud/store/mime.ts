const byExtension: Record<string, string> = {
  avi: 'video/x-msvideo',
  bin: 'application/x-bin',
  bmp: 'image/bmp',
  c: 'text/x-c',
  css: 'text/css',
  cpp: 'text/x-c++src',
  csv: 'text/csv',
  doc: 'application/msword',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  eml: 'message/rfc822',
  epub: 'application/epub+zip',
  gif: 'image/gif',
  gz: 'application/gzip',
  h: 'text/x-h',
  heic: 'image/heic',
  htm: 'text/html',
  html: 'text/html',
  ics: 'text/calendar',
  jpeg: 'image/jpeg',
  jpg: 'image/jpeg',
  java: 'text/x-java-source',
  js: 'application/javascript',
  json: 'application/json',
  markdown: 'text/markdown',
  md: 'text/markdown',
  mkv: 'video/x-matroska',
  mov: 'video/quicktime',
  mp3: 'audio/mpeg',
  mp4: 'video/mp4',
  odp: 'application/vnd.oasis.opendocument.presentation',
  ods: 'application/vnd.oasis.opendocument.spreadsheet',
  odt: 'application/vnd.oasis.opendocument.text',
  ogg: 'audio/ogg',
  pdf: 'application/pdf',
  php: 'application/x-php',
  png: 'image/png',
  ppt: 'application/vnd.ms-powerpoint',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  py: 'text/x-python',
  rar: 'application/x-rar-compressed',
  rtf: 'text/rtf',
  sh: 'text/x-shellscript',
  svg: 'image/svg+xml',
  tar: 'application/x-tar',
  text: 'text/plain',
  tgz: 'application/gzip',
  tif: 'image/tiff',
  tiff: 'image/tiff',
  txt: 'text/plain',
  vcf: 'text/vcard',
  wav: 'audio/wav',
  webm: 'video/webm',
  webp: 'image/webp',
  xls: 'application/vnd.ms-excel',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  xml: 'application/xml',
  yaml: 'application/yaml',
  yml: 'application/yaml',
  zip: 'application/zip',
};

/** The media type of a file name, as in Nextcloud's resources/config/mimetypemapping.dist.json. */
export function mimeOf(name: string): string {
  const dot = name.lastIndexOf('.');
  if (dot <= 0) return 'application/octet-stream';
  return byExtension[name.slice(dot + 1).toLowerCase()] ?? 'application/octet-stream';
}

/**
 * The Content-Type of a download. Nextcloud replaces types that a browser would execute by text/plain
 * (lib/private/Files/Type/Detection.php, getSecureMimeType).
 */
export function downloadMime(mime: string): string {
  if (mime === 'application/x-php') return 'text/x-php';
  return unsafe.has(mime) ? 'text/plain' : mime;
}

const unsafe = new Set([
  'application/javascript',
  'application/json',
  'application/xml',
  'application/yaml',
  'image/svg+xml',
  'message/rfc822',
  'text/html',
]);
