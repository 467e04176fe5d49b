/** The PDF library alone: milliseconds from requesting the bytes to the text of the first page. */
const times: number[] = [];
const authorization = `Basic ${Buffer.from('demo:demo-app-password').toString('base64')}`;
for (const url of process.argv.slice(2)) {
  const started = performance.now();
  const { request } = await import('undici');
  const { body } = await request(url, { headers: { authorization } });
  const data = new Uint8Array(await body.arrayBuffer());
  const { getDocument } = await import('unpdf/pdfjs');
  const document = await getDocument({ data, verbosity: 0, disableFontFace: true, useSystemFonts: false })
    .promise;
  const { items } = await (await document.getPage(1)).getTextContent();
  times.push(performance.now() - started);
  if (!items.some((item) => 'str' in item && item.str.includes('page 1, line 50:')))
    throw new Error('the first page is not there');
}
process.send?.(times);
process.exit();
