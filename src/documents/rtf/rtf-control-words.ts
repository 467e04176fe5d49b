/** Destinations whose text is not part of the document. */
export const ignoredDestinations = new Set(
  (
    'colortbl header headerl headerr headerf footer footerl footerr footerf xe tc pict object objdata datafield revtbl ' +
    'filetbl listtable listoverridetable rsidtbl themedata colorschememapping latentstyles datastore generator nonesttables ' +
    'comment operator company printim userprops private wgrffmtfilter mmathPr bkmkstart bkmkend nonshppict do pnseclvl'
  ).split(' '),
);

/** Encodings by `\fcharset` number. */
export const charsets: Readonly<Record<number, string>> = {
  128: 'shift_jis',
  129: 'euc-kr',
  134: 'gbk',
  136: 'big5',
  161: 'windows-1253',
  162: 'windows-1254',
  163: 'windows-1258',
  177: 'windows-1255',
  178: 'windows-1256',
  186: 'windows-1257',
  204: 'windows-1251',
  222: 'windows-874',
  238: 'windows-1250',
};

/** Encodings by `\ansicpg` number where the label is not `windows-N`. */
export const codepages: Readonly<Record<number, string>> = {
  932: 'shift_jis',
  936: 'gbk',
  949: 'euc-kr',
  950: 'big5',
  10_000: 'macintosh',
  65_001: 'utf-8',
};

/** Control words that stand for a character. */
export const symbols: Readonly<Record<string, string>> = {
  tab: '\t',
  line: '\n',
  emdash: '\u2014',
  endash: '\u2013',
  bullet: '\u2022',
  lquote: '\u2018',
  rquote: '\u2019',
  ldblquote: '\u201c',
  rdblquote: '\u201d',
  emspace: ' ',
  enspace: ' ',
};
