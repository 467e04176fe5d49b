/** A plain tree in memory: what the server must do, without any of how. */
export class Model {
  /** Contents by path; null is a folder. */
  nodes = new Map<string, string | null>([['/', null]]);

  isFile(path: string): boolean {
    return typeof this.nodes.get(path) === 'string';
  }

  isFolder(path: string): boolean {
    return this.nodes.get(path) === null;
  }

  below(path: string): string[] {
    return [...this.nodes.keys()].filter((each) => each.startsWith(`${path}/`));
  }

  hasHidden(path: string): boolean {
    return this.below(path).some((each) => isHidden(each));
  }

  remove(path: string): void {
    for (const each of [path, ...this.below(path)]) this.nodes.delete(each);
  }

  copy(from: string, to: string): void {
    const taken = [from, ...this.below(from)].map((each): [string, string | null] => [
      to + each.slice(from.length),
      this.nodes.get(each) ?? null,
    ]);
    for (const [path, node] of taken) this.nodes.set(path, node);
  }

  makeFolder(path: string): boolean {
    const above = path.split('/').slice(1);
    const paths = above.map((_, i) => `/${above.slice(0, i + 1).join('/')}`);
    if (paths.some((each) => this.isFile(each))) return false;
    for (const each of paths) this.nodes.set(each, null);
    return true;
  }
}

export const parentOf = (path: string): string => path.slice(0, path.lastIndexOf('/')) || '/';

/** The fence of the test: one folder name is denied, wherever it stands. */
export const isHidden = (path: string): boolean => path.split('/').includes('deny');

/** What an operation does to the model; false when it must be refused and change nothing. */
export interface Operation {
  readonly tool: string;
  readonly args: Record<string, unknown>;
  apply(model: Model): boolean;
}

const inside = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`);

export function upload(path: string, content: string, overwrite: boolean): Operation {
  return {
    tool: 'upload_file',
    args: { remote_path: path, content, overwrite },
    apply: (model) => {
      if (isHidden(path) || model.isFolder(path) || !model.isFolder(parentOf(path))) return false;
      if (model.isFile(path) && !overwrite) return false;
      model.nodes.set(path, content);
      return true;
    },
  };
}

export function edit(path: string, old_text: string, new_text: string): Operation {
  return {
    tool: 'edit_file',
    args: { file_path: path, edits: [{ old_text, new_text }] },
    apply: (model) => {
      const text = model.nodes.get(path);
      if (isHidden(path) || typeof text !== 'string' || text.split(old_text).length !== 2) return false;
      model.nodes.set(
        path,
        text.replace(old_text, () => new_text),
      );
      return true;
    },
  };
}

export function makeFolder(path: string): Operation {
  return {
    tool: 'create_folder',
    args: { folder_path: path },
    apply: (model) => !isHidden(path) && model.makeFolder(path),
  };
}

export function relocate(
  tool: 'move_file' | 'copy_file',
  from: string,
  to: string,
  overwrite: boolean,
): Operation {
  return {
    tool,
    args: { source_path: from, destination_path: to, overwrite },
    apply: (model) => {
      if (isHidden(from) || isHidden(to) || inside(from, to) || inside(to, from)) return false;
      if (!model.nodes.has(from) || model.hasHidden(from) || !model.isFolder(parentOf(to))) return false;
      if (model.nodes.has(to)) {
        if (!overwrite || model.hasHidden(to)) return false;
        model.remove(to);
      }
      model.copy(from, to);
      if (tool === 'move_file') model.remove(from);
      return true;
    },
  };
}

export function remove(path: string): Operation {
  return {
    tool: 'delete_file',
    args: { file_path: path },
    apply: (model) => {
      if (isHidden(path) || !model.nodes.has(path) || model.hasHidden(path)) return false;
      model.remove(path);
      return true;
    },
  };
}

/** Only looks; what it shows is compared with the model. */
export function look(path: string): Operation {
  return {
    tool: 'list_files',
    args: { folder_path: path, depth: 5 },
    apply: (model) => !isHidden(path) && model.isFolder(path),
  };
}

export function read(path: string): Operation {
  return {
    tool: 'read_file',
    args: { file_path: path },
    apply: (model) => !isHidden(path) && model.isFile(path),
  };
}

export function search(path: string, query: string): Operation {
  return {
    tool: 'search_files',
    args: { folder_path: path, query },
    apply: (model) => !isHidden(path) && model.isFolder(path),
  };
}

export function readBytes(path: string): Operation {
  return {
    tool: 'read_file_bytes',
    args: { file_path: path },
    apply: (model) => !isHidden(path) && model.isFile(path),
  };
}

export function searchContents(path: string, pattern: string): Operation {
  return {
    tool: 'search_file_contents',
    args: { folder_path: path, pattern, context_lines: 0, case_sensitive: true },
    apply: (model) => !isHidden(path) && model.isFolder(path),
  };
}

export function info(path: string): Operation {
  return {
    tool: 'get_file_info',
    args: { file_path: path },
    apply: (model) => !isHidden(path) && model.nodes.has(path),
  };
}

export function download(path: string, name: string): Operation {
  return {
    tool: 'download_file',
    args: { remote_path: path, local_path: name },
    apply: (model) => !isHidden(path) && model.nodes.has(path),
  };
}

export function versions(path: string): Operation {
  return {
    tool: 'list_versions',
    args: { file_path: path },
    apply: (model) => !isHidden(path) && model.isFile(path),
  };
}

export function mark(path: string, favorite: boolean): Operation {
  return {
    tool: 'set_favorite',
    args: { file_path: path, favorite },
    apply: (model) => !isHidden(path) && model.nodes.has(path),
  };
}

export function comment(path: string): Operation {
  return {
    tool: 'add_comment',
    args: { file_path: path, message: 'seen' },
    apply: (model) => !isHidden(path) && model.nodes.has(path),
  };
}

export function shares(path: string): Operation {
  return {
    tool: 'list_shares',
    args: { file_path: path },
    apply: (model) => !isHidden(path) && model.nodes.has(path),
  };
}

/** Stands for what the last answer that changed something says. */
export const takeBack: Operation = { tool: 'undo', args: {}, apply: () => true };
