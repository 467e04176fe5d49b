import { styleText } from 'node:util';

// styleText leaves the colours out where standard output is no terminal, and for NO_COLOR.
export const bold = (text: string): string => styleText('bold', text);
export const dim = (text: string): string => styleText('dim', text);
export const green = (text: string): string => styleText('green', text);
export const yellow = (text: string): string => styleText('yellow', text);
export const red = (text: string): string => styleText('red', text);
export const cyan = (text: string): string => styleText('cyan', text);
