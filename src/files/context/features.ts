import type { Capabilities } from '../../nextcloud/apps/capabilities.ts';
import type { Call } from './call.ts';

/** What a server may lack, because an app is missing or switched off. */
export type ServerFeature = 'trash' | 'versions' | 'tags' | 'comments' | 'sharing';

export interface FeatureParts {
  readonly capabilities: (call: Call) => Promise<Capabilities>;
}

/** Whether the server has a feature. True when the server does not say: then it is tried. */
export async function hasFeature({ capabilities }: FeatureParts, feature: ServerFeature): Promise<boolean> {
  const found = await capabilities({}).catch(() => undefined);
  return found?.[feature] ?? true;
}
