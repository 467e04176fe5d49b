import { imageSize } from 'image-size';
import { tokensOf } from './tokens.ts';

/** A part of the content of a result, as the protocol has it. */
interface Part {
  readonly type: string;
  readonly text?: string;
  readonly data?: string;
  readonly mimeType?: string;
}

/** The result of a call. */
export interface Result {
  readonly isError?: boolean;
  readonly content: readonly Part[];
  readonly structuredContent?: Readonly<Record<string, unknown>>;
}

export interface Figures {
  readonly calls: number;
  /** Calls that ended in an error. */
  readonly failed: number;
  readonly tokens: {
    /** Names of tools and their arguments. */
    readonly arguments: number;
    /** What a client reads that hands on the content: its texts and pictures. */
    readonly text: number;
    /** What a client reads that hands on the structured content where there is some, and the content elsewhere. */
    readonly structured: number;
    /** The list of the tools, once. */
    readonly tools: number;
  };
}

/** Of a picture that no size could be read of, about what one of the usual size takes. */
const PICTURE_TOKENS = 1500;
const PIXELS_PER_TOKEN = 750;

/** Counts what an assistant says to the tools, and what it has to read of them. */
export class Meter {
  readonly #tools: number;
  #calls = 0;
  #failed = 0;
  #arguments = 0;
  #text = 0;
  #structured = 0;

  /** @param tools the list of the tools as a model is shown it */
  constructor(tools: string) {
    this.#tools = tokensOf(tools);
  }

  count(tool: string, args: object, { isError, content, structuredContent }: Result): void {
    this.#calls++;
    if (isError) this.#failed++;
    this.#arguments += tokensOf(tool) + tokensOf(JSON.stringify(args));
    const text = content.reduce((sum, part) => sum + partTokens(part), 0);
    this.#text += text;
    this.#structured += structuredContent ? tokensOf(JSON.stringify(structuredContent)) : text;
  }

  get figures(): Figures {
    return {
      calls: this.#calls,
      failed: this.#failed,
      tokens: {
        arguments: this.#arguments,
        text: this.#text,
        structured: this.#structured,
        tools: this.#tools,
      },
    };
  }
}

/** The texts of a result, one below the other. */
export function textOfResult({ content }: Result): string {
  return content.map(({ text = '' }) => text).join('\n');
}

function partTokens({ type, text = '', data }: Part): number {
  if (type !== 'image' || data === undefined) return tokensOf(text);
  try {
    const { width, height } = imageSize(Buffer.from(data, 'base64'));
    return Math.ceil((width * height) / PIXELS_PER_TOKEN);
  } catch {
    return PICTURE_TOKENS;
  }
}
