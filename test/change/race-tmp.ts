import { Bench } from '../support/bench.ts';
const env = {
  NEXTCLOUD_URL: process.env['NEXTCLOUD_URL'],
  NEXTCLOUD_USERNAME: process.env['NEXTCLOUD_USERNAME'],
  NEXTCLOUD_PASSWORD: process.env['NEXTCLOUD_PASSWORD'],
};
const N = Number(process.argv[2]);
const a = await Bench.open(env);
const b = await Bench.open(env);
const path = `/race-${Date.now()}.txt`;
console.log((await a.call('upload_file', { remote_path: path, content: 'end' })).text.slice(0, 80));
const fails: string[] = [];
const write = async (who: Bench, name: string) => {
  let ok = 0;
  for (let i = 0; i < N; i++) {
    const r = await who.call('edit_file', {
      file_path: path,
      edits: [{ old_text: 'end', new_text: `${name}${i % 10}\nend` }],
    });
    if (r.isError) fails.push(r.text.slice(0, 150));
    else ok++;
  }
  return ok;
};
const t = performance.now();
const ok = await Promise.all([write(a, 'a'), write(b, 'b')]);
const r = await a.call('read_file', { file_path: path, limit: 100000 });
const lines = (r.text.match(/^[ab]\d$/gm) ?? []).length;
console.log({
  ok,
  lines,
  fails: fails.length,
  first: fails.slice(0, 3),
  ms: Math.round(performance.now() - t),
});
await a.call('delete_file', { file_path: path });
await a.close();
await b.close();
