import { holdToModel } from './model-run.ts';

// In two files, for two cores.
holdToModel(0, 2);
