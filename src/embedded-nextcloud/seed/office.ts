import { escapeMarkup } from '../http/escape.ts';
import { zip } from './zip.ts';

const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const officeRelations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const packageRelations = 'http://schemas.openxmlformats.org/package/2006/relationships';
const ooxml = 'application/vnd.openxmlformats-officedocument';

function contentTypes(parts: Record<string, string>): string {
  const overrides = Object.entries(parts)
    .map(([part, type]) => `<Override PartName="/${part}" ContentType="${type}+xml"/>`)
    .join('');
  return (
    `${head}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' +
    `<Default Extension="xml" ContentType="application/xml"/>${overrides}</Types>`
  );
}

function relations(targets: readonly (readonly [type: string, target: string])[]): string {
  const each = targets.map(
    ([type, target], i) =>
      `<Relationship Id="rId${i + 1}" Type="${officeRelations}/${type}" Target="${target}"/>`,
  );
  return `${head}<Relationships xmlns="${packageRelations}">${each.join('')}</Relationships>`;
}

/** A Word document (ECMA-376) with the given paragraphs. */
export function docx(paragraphs: readonly string[]): Buffer {
  const body = paragraphs
    .map((text) => `<w:p><w:r><w:t xml:space="preserve">${escapeMarkup(text)}</w:t></w:r></w:p>`)
    .join('');
  return zip([
    {
      name: '[Content_Types].xml',
      data: contentTypes({ 'word/document.xml': `${ooxml}.wordprocessingml.document.main` }),
    },
    { name: '_rels/.rels', data: relations([['officeDocument', 'word/document.xml']]) },
    {
      name: 'word/document.xml',
      data:
        `${head}<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">` +
        `<w:body>${body}<w:sectPr/></w:body></w:document>`,
    },
  ]);
}

export type Cell = string | number;

/** An Excel workbook with the given sheets. */
export function xlsx(sheets: Readonly<Record<string, readonly (readonly Cell[])[]>>): Buffer {
  const names = Object.keys(sheets);
  const parts: Record<string, string> = { 'xl/workbook.xml': `${ooxml}.spreadsheetml.sheet.main` };
  for (const [i] of names.entries()) {
    parts[`xl/worksheets/sheet${i + 1}.xml`] = `${ooxml}.spreadsheetml.worksheet`;
  }
  const list = names.map(
    (name, i) => `<sheet name="${escapeMarkup(name)}" sheetId="${i + 1}" r:id="rId${i + 1}"/>`,
  );
  return zip([
    { name: '[Content_Types].xml', data: contentTypes(parts) },
    { name: '_rels/.rels', data: relations([['officeDocument', 'xl/workbook.xml']]) },
    {
      name: 'xl/workbook.xml',
      data: `${head}<workbook ${sheetSpace} xmlns:r="${officeRelations}"><sheets>${list.join('')}</sheets></workbook>`,
    },
    {
      name: 'xl/_rels/workbook.xml.rels',
      data: relations(names.map((_, i) => ['worksheet', `worksheets/sheet${i + 1}.xml`] as const)),
    },
    ...Object.values(sheets).map((rows, i) => ({
      name: `xl/worksheets/sheet${i + 1}.xml`,
      data: sheet(rows),
    })),
  ]);
}

const sheetSpace = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';

function sheet(rows: readonly (readonly Cell[])[]): string {
  const body = rows.map((row, r) => {
    const cells = row.map((value, c) => {
      const at = `${String.fromCharCode(65 + c)}${r + 1}`;
      if (typeof value === 'number') return `<c r="${at}"><v>${value}</v></c>`;
      return `<c r="${at}" t="inlineStr"><is><t>${escapeMarkup(value)}</t></is></c>`;
    });
    return `<row r="${r + 1}">${cells.join('')}</row>`;
  });
  return `${head}<worksheet ${sheetSpace}><sheetData>${body.join('')}</sheetData></worksheet>`;
}

/** A PowerPoint presentation. Each slide is a list of lines. */
export function pptx(slides: readonly (readonly string[])[]): Buffer {
  const main = 'http://schemas.openxmlformats.org/presentationml/2006/main';
  const drawing = 'http://schemas.openxmlformats.org/drawingml/2006/main';
  const spaces = `xmlns:p="${main}" xmlns:a="${drawing}" xmlns:r="${officeRelations}"`;
  const parts: Record<string, string> = {
    'ppt/presentation.xml': `${ooxml}.presentationml.presentation.main`,
  };
  for (const [i] of slides.entries()) {
    parts[`ppt/slides/slide${i + 1}.xml`] = `${ooxml}.presentationml.slide`;
  }
  const ids = slides.map((_, i) => `<p:sldId id="${256 + i}" r:id="rId${i + 1}"/>`).join('');
  const group = '<p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr/>';
  const slide = (texts: readonly string[]): string => {
    const paragraphs = texts.map((text) => `<a:p><a:r><a:t>${escapeMarkup(text)}</a:t></a:r></a:p>`).join('');
    return (
      `${head}<p:sld ${spaces}><p:cSld><p:spTree>${group}<p:sp><p:nvSpPr><p:cNvPr id="2" name="Text"/><p:cNvSpPr/>` +
      `<p:nvPr/></p:nvSpPr><p:spPr/><p:txBody><a:bodyPr/>${paragraphs}</p:txBody></p:sp></p:spTree></p:cSld></p:sld>`
    );
  };
  return zip([
    { name: '[Content_Types].xml', data: contentTypes(parts) },
    { name: '_rels/.rels', data: relations([['officeDocument', 'ppt/presentation.xml']]) },
    {
      name: 'ppt/presentation.xml',
      data:
        `${head}<p:presentation ${spaces}><p:sldIdLst>${ids}</p:sldIdLst>` +
        '<p:sldSz cx="9144000" cy="6858000"/><p:notesSz cx="6858000" cy="9144000"/></p:presentation>',
    },
    {
      name: 'ppt/_rels/presentation.xml.rels',
      data: relations(slides.map((_, i) => ['slide', `slides/slide${i + 1}.xml`] as const)),
    },
    ...slides.map((texts, i) => ({ name: `ppt/slides/slide${i + 1}.xml`, data: slide(texts) })),
  ]);
}

/** An OpenDocument text (OASIS ODF 1.2). Its media type has to be the first member, uncompressed. */
export function odt(paragraphs: readonly string[]): Buffer {
  const mime = 'application/vnd.oasis.opendocument.text';
  const office = 'urn:oasis:names:tc:opendocument:xmlns:office:1.0';
  const text = 'urn:oasis:names:tc:opendocument:xmlns:text:1.0';
  const manifest = 'urn:oasis:names:tc:opendocument:xmlns:manifest:1.0';
  const body = paragraphs.map((each) => `<text:p>${escapeMarkup(each)}</text:p>`).join('');
  const entry = (path: string, type: string): string =>
    `<manifest:file-entry manifest:full-path="${path}" manifest:media-type="${type}"/>`;
  return zip([
    { name: 'mimetype', data: mime },
    {
      name: 'content.xml',
      data:
        `${head}<office:document-content xmlns:office="${office}" xmlns:text="${text}" office:version="1.2">` +
        `<office:body><office:text>${body}</office:text></office:body></office:document-content>`,
    },
    {
      name: 'META-INF/manifest.xml',
      data:
        `${head}<manifest:manifest xmlns:manifest="${manifest}" manifest:version="1.2">` +
        `${entry('/', mime)}${entry('content.xml', 'text/xml')}</manifest:manifest>`,
    },
  ]);
}
