// Builds the chat window to one file; the same sources give the same bytes.
import { defineConfig } from 'vitest/config'

export default defineConfig({
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact' },
  build: {
    target: ['es2022', 'safari16'],
    outDir: 'dist',
    sourcemap: false,
    minify: 'terser',
    terserOptions: {
      compress: { passes: 3 },
      format: { comments: false },
    },
    lib: { entry: 'src/main.ts', formats: ['iife'], name: 'ClinicChatWindow', fileName: () => 'widget.js' },
    reportCompressedSize: false,
  },
  test: { include: ['tests/*.test.ts'], environment: 'node' },
})
