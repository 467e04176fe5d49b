import { holdToModel } from './model-run.ts';

holdToModel(1, 2);
