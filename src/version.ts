import manifest from '../package.json' with { type: 'json' };

export const { name, version } = manifest;

/** Where the documentation is, for links in what is printed. */
export const documentation = `${manifest.homepage.replace(/#.*$/, '')}/blob/main/docs`;
