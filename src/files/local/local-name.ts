/**
 * A name of the cloud as this computer's file system can store it. Windows refuses some characters,
 * names of devices and a dot or blank at the end; macOS keeps the colon for itself.
 */
export function localName(name: string, platform: NodeJS.Platform): string {
  if (platform === 'win32') return windowsName(name);
  return platform === 'darwin' ? name.replaceAll(':', '\uff1a') : name;
}

const DEVICES = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)/i;

// The full-width twin of a character looks the same to people and is an ordinary letter to Windows.
function windowsName(name: string): string {
  const plain = name
    .replace(/[<>:"/\\|?*]/g, (character) => String.fromCharCode(character.charCodeAt(0) + 0xfee0))
    .replace(/[. ]$/, (end) => (end === '.' ? '\uff0e' : '\u3000'));
  return DEVICES.test(plain) ? `_${plain}` : plain;
}

/** Which of the names, as they are stored here, this computer cannot tell from an earlier one. */
export function clashing(names: readonly string[], platform: NodeJS.Platform): ReadonlySet<number> {
  const clashes = new Set<number>();
  if (platform !== 'win32' && platform !== 'darwin') return clashes;
  const seen = new Set<string>();
  for (const [index, name] of names.entries()) {
    const key = name.normalize('NFC').toLowerCase();
    if (seen.has(key)) clashes.add(index);
    seen.add(key);
  }
  return clashes;
}
