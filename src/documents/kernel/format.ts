import type { Family } from './document.ts';

export interface Format {
  family: Family;
  mimeType: string;
  label: string;
  /** File name extensions, without the dot; the most common one first. */
  extensions: readonly string[];
}

const ooxml = 'application/vnd.openxmlformats-officedocument.';
const odf = 'application/vnd.oasis.opendocument.';

const rows: readonly (readonly [
  format: string,
  family: Family,
  mimeType: string,
  label: string,
  extensions?: string,
])[] = [
  ['pdf', 'pdf', 'application/pdf', 'PDF'],
  ['docx', 'word', `${ooxml}wordprocessingml.document`, 'Word document', 'docx docm dotx dotm'],
  ['odt', 'word', `${odf}text`, 'OpenDocument text', 'odt ott fodt'],
  ['rtf', 'word', 'application/rtf', 'Rich Text document'],
  ['xlsx', 'sheet', `${ooxml}spreadsheetml.sheet`, 'Excel workbook', 'xlsx xlsm xltx xltm'],
  ['ods', 'sheet', `${odf}spreadsheet`, 'OpenDocument spreadsheet', 'ods ots fods'],
  [
    'pptx',
    'slides',
    `${ooxml}presentationml.presentation`,
    'PowerPoint presentation',
    'pptx pptm ppsx ppsm potx potm',
  ],
  ['odp', 'slides', `${odf}presentation`, 'OpenDocument presentation', 'odp otp fodp'],
  ['epub', 'book', 'application/epub+zip', 'EPUB book'],
  ['html', 'web', 'text/html', 'web page', 'html htm xhtml xht'],
  ['eml', 'mail', 'message/rfc822', 'mail message', 'eml mht mhtml'],
  ['zip', 'archive', 'application/zip', 'ZIP archive', 'zip jar apk xpi war cbz'],
  ['tar', 'archive', 'application/x-tar', 'TAR archive'],
  ['tgz', 'archive', 'application/gzip', 'compressed TAR archive', 'tgz tar.gz'],
  ['gz', 'archive', 'application/gzip', 'gzip file'],
  ['png', 'image', 'image/png', 'PNG picture'],
  ['jpeg', 'image', 'image/jpeg', 'JPEG picture', 'jpg jpeg jpe jfif'],
  ['gif', 'image', 'image/gif', 'GIF picture'],
  ['webp', 'image', 'image/webp', 'WebP picture'],
  ['avif', 'image', 'image/avif', 'AVIF picture'],
  ['heic', 'image', 'image/heic', 'HEIC picture', 'heic heif'],
  ['tiff', 'image', 'image/tiff', 'TIFF picture', 'tif tiff'],
  ['bmp', 'image', 'image/bmp', 'BMP picture'],
  ['ico', 'image', 'image/x-icon', 'icon'],
  ['psd', 'image', 'image/vnd.adobe.photoshop', 'Photoshop picture'],
  ['jxl', 'image', 'image/jxl', 'JPEG XL picture'],
  ['svg', 'text', 'image/svg+xml', 'SVG drawing'],
  ['json', 'text', 'application/json', 'JSON', 'json ipynb geojson jsonl ndjson'],
  ['csv', 'text', 'text/csv', 'CSV table'],
  ['tsv', 'text', 'text/tab-separated-values', 'TSV table'],
  ['markdown', 'text', 'text/markdown', 'Markdown', 'md markdown'],
  ['xml', 'text', 'application/xml', 'XML', 'xml xsd xsl rss atom gpx kml'],
  ['yaml', 'text', 'application/yaml', 'YAML', 'yaml yml'],
  ['ics', 'text', 'text/calendar', 'calendar'],
  ['vcf', 'text', 'text/vcard', 'contact cards'],
  ['text', 'text', 'text/plain', 'text', 'txt log text conf cfg ini toml tex bib diff patch'],
  [
    'code',
    'text',
    'text/plain',
    'source code',
    'js mjs cjs ts tsx jsx css scss py rb php java kt c h cpp hpp cc cs go rs swift sh bash zsh ps1 bat sql lua pl r vue',
  ],
  ['doc', 'unknown', 'application/msword', 'old Word document (binary)', 'doc dot'],
  ['xls', 'unknown', 'application/vnd.ms-excel', 'old Excel workbook (binary)', 'xls xlt'],
  ['ppt', 'unknown', 'application/vnd.ms-powerpoint', 'old PowerPoint presentation (binary)', 'ppt pps pot'],
  ['xlsb', 'unknown', 'application/vnd.ms-excel.sheet.binary.macroenabled.12', 'binary Excel workbook'],
  ['msg', 'unknown', 'application/vnd.ms-outlook', 'Outlook message'],
  ['ole', 'unknown', 'application/x-ole-storage', 'Microsoft compound file'],
  ['encrypted-office', 'unknown', 'application/encrypted', 'Office document protected with a password'],
  ['iwork', 'unknown', 'application/x-iwork', 'Apple iWork document', 'pages numbers key'],
  ['odg', 'unknown', `${odf}graphics`, 'OpenDocument drawing'],
  ['7z', 'unknown', 'application/x-7z-compressed', '7-Zip archive'],
  ['rar', 'unknown', 'application/vnd.rar', 'RAR archive'],
  ['bz2', 'unknown', 'application/x-bzip2', 'bzip2 file', 'bz2 tbz2'],
  ['xz', 'unknown', 'application/x-xz', 'xz file', 'xz txz'],
  ['zst', 'unknown', 'application/zstd', 'Zstandard file'],
  ['mp4', 'unknown', 'video/mp4', 'MP4 video', 'mp4 m4v'],
  ['mov', 'unknown', 'video/quicktime', 'QuickTime video'],
  ['mkv', 'unknown', 'video/x-matroska', 'Matroska video', 'mkv webm'],
  ['avi', 'unknown', 'video/x-msvideo', 'AVI video'],
  ['mp3', 'unknown', 'audio/mpeg', 'MP3 sound'],
  ['m4a', 'unknown', 'audio/mp4', 'MPEG-4 sound'],
  ['wav', 'unknown', 'audio/wav', 'WAV sound'],
  ['flac', 'unknown', 'audio/flac', 'FLAC sound'],
  ['ogg', 'unknown', 'audio/ogg', 'Ogg sound', 'ogg oga opus ogv'],
  ['sqlite', 'unknown', 'application/vnd.sqlite3', 'SQLite database', 'sqlite sqlite3 db'],
  ['parquet', 'unknown', 'application/vnd.apache.parquet', 'Parquet table'],
  ['program', 'unknown', 'application/octet-stream', 'program', 'exe dll so dylib'],
  ['wasm', 'unknown', 'application/wasm', 'WebAssembly module'],
  ['font', 'unknown', 'font/sfnt', 'font', 'ttf otf woff woff2'],
  ['empty', 'text', 'text/plain', 'empty file', ''],
  ['binary', 'unknown', 'application/octet-stream', 'binary file', ''],
];

export const formats: ReadonlyMap<string, Format> = new Map(
  rows.map(([format, family, mimeType, label, extensions = format]) => [
    format,
    { family, mimeType, label, extensions: extensions.split(' ').filter(Boolean) },
  ]),
);

const byExtension: ReadonlyMap<string, string> = new Map(
  [...formats].flatMap(([format, { extensions }]) =>
    extensions.map((extension) => [extension, format] as const),
  ),
);

/** The format that the extension of a file name stands for. */
export function formatOfName(name: string): string | undefined {
  const [last, before] = name.toLowerCase().split('/').at(-1)?.split('.').toReversed() ?? [];
  if (last === undefined || before === undefined) return undefined;
  return byExtension.get(`${before}.${last}`) ?? byExtension.get(last);
}
