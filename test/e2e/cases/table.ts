import type { Case } from '../../support/case.ts';
import type { Stage } from '../../support/stage.ts';
import { changeCases } from './change.ts';
import { hostileCases } from './hostile.ts';
import { localCases } from './local.ts';
import { lookCases } from './look.ts';
import { nameCases } from './names.ts';
import { protocolCases } from './protocol.ts';
import { safeCases } from './safe.ts';
import { textCases } from './text.ts';

/** Every case of the end-to-end suite: what a person's assistant may count on. */
export const cases: readonly Case<Stage>[] = [
  ...lookCases,
  ...changeCases,
  ...safeCases,
  ...localCases,
  ...textCases,
  ...protocolCases,
  ...nameCases,
  ...hostileCases,
];
