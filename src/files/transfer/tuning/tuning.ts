/**
 * What is switched on of the tuning in this folder, from the setting `NEXTCLOUD_TUNING`. Without any of
 * it, transfers give the same result. `scripts/bench/tuning.ts` measures with and without each.
 */
export interface Tuning {
  /** `direct-io`: see `direct-io.ts`. */
  readonly directIo: boolean;
  /** `minor-gc`: see `minor-gc.ts`. */
  readonly minorGc: boolean;
}
