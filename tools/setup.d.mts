// Types of setup.mjs, which stays plain JavaScript because it runs before anything is installed.

export declare function setup(folder?: string): void
export declare function pinnedNode(): string
