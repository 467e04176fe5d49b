/** A page that looks like a terminal, with the colored output of a program. */
export function terminalPage(command: string, printed: string): string {
  return `<!DOCTYPE html><meta charset="utf-8"><style>
body { margin: 0; background: #1e1e2e; color: #cdd6f4; }
pre { margin: 0; padding: 20px 24px; font: 14px/1.4 'DejaVu Sans Mono', monospace; width: max-content; max-width: 980px; white-space: pre-wrap; }
.b { font-weight: bold; color: #fff } .d { opacity: .6 } .g { color: #a6e3a1 } .y { color: #f9e2af }
.r { color: #f38ba8 } .c { color: #89dceb } .p { color: #89b4fa }
</style><pre><span class="p">$</span> ${escaped(command)}\n${colored(printed)}</pre>`;
}

const classes: Readonly<Record<string, string>> = { 1: 'b', 2: 'd', 31: 'r', 32: 'g', 33: 'y', 36: 'c' };

function colored(printed: string): string {
  return escaped(printed).replace(/\u001b\[(\d+)m/g, (_, code: string) =>
    classes[code] === undefined ? '</span>' : `<span class="${classes[code]}">`,
  );
}

export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
