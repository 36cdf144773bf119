import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { Reference, renderConfiguration, type Value } from '../../src/terraform/configuration.ts'
import { localSiloServer, renderModule, resourceName, runHash } from '../../src/terraform/index.ts'

const input = { server: 'acme-1', password: 'canary-password' }

test('the same inputs give the same bytes, whatever the order in which they are written', () => {
  const values = fc.letrec<{ value: Value }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.string(),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.stringMatching(/^[a-z_-]{1,8}$/), tie('value'), { maxKeys: 4 }),
    ),
  })).value
  const reversed = (value: Value): Value => {
    if (typeof value !== 'object' || value === null || value instanceof Reference) return value
    if (Array.isArray(value)) return value.map(reversed)
    return Object.fromEntries(
      Object.entries(value)
        .toReversed()
        .map(([key, item]) => [key, reversed(item)]),
    )
  }
  fc.assert(
    fc.property(values, (value) => {
      expect(renderConfiguration(reversed(value))).toBe(renderConfiguration(value))
    }),
  )
})

test('the local silo server is rendered to these bytes', () => {
  expect(renderModule(localSiloServer, input).configuration).toMatchInlineSnapshot(`
    "{
      "resource": {
        "terraform_data": {
          "removal": {
            "provisioner": [
              {
                "local-exec": {
                  "command": "unset TF_HTTP_USERNAME TF_HTTP_PASSWORD TF_VAR_password; exec \\"$PAYBILL_SERVER_REMOVE\\" \\"$PAYBILL_SERVER_ID\\"",
                  "environment": {
                    "PAYBILL_SERVER_ID": "\${self.triggers_replace.id}"
                  },
                  "interpreter": [
                    "/bin/sh",
                    "-c"
                  ],
                  "when": "destroy"
                }
              }
            ],
            "triggers_replace": {
              "id": "\${var.server}"
            }
          },
          "server": {
            "depends_on": [
              "terraform_data.removal"
            ],
            "provisioner": [
              {
                "local-exec": {
                  "command": "unset TF_HTTP_USERNAME TF_HTTP_PASSWORD TF_VAR_password; exec \\"$PAYBILL_SERVER_START\\" \\"$PAYBILL_SERVER_ID\\"",
                  "environment": {
                    "PAYBILL_SERVER_ID": "\${self.triggers_replace.id}",
                    "PAYBILL_SERVER_PASSWORD": "\${var.password}"
                  },
                  "interpreter": [
                    "/bin/sh",
                    "-c"
                  ]
                }
              }
            ],
            "triggers_replace": {
              "id": "\${var.server}"
            }
          }
        }
      },
      "terraform": {
        "backend": {
          "http": {}
        },
        "required_version": ">= 1.11.0"
      },
      "variable": {
        "password": {
          "ephemeral": true,
          "nullable": false,
          "sensitive": true,
          "type": "string"
        },
        "server": {
          "nullable": false,
          "type": "string"
        }
      }
    }
    "
  `)
  expect(renderModule(localSiloServer, input).variables).toBe('{\n  "server": "acme-1"\n}\n')
})

test('text is never an expression: what Terraform would read as a template is escaped', () => {
  expect(renderConfiguration({ a: '${file("/etc/passwd")} %{ if true } $${x} 100%' })).toBe(
    `{\n  "a": ${JSON.stringify('$${file("/etc/passwd")} %%{ if true } $$${x} 100%')}\n}\n`,
  )
  expect(() => renderConfiguration({ '${a}': 1 })).toThrow('looks like a template')
})

test('a reference names a value, and can do nothing else', () => {
  expect(renderConfiguration({ a: new Reference('var.server') })).toBe('{\n  "a": "${var.server}"\n}\n')
  for (const path of ['', 'file("x")', 'var.a}${var.b', 'var.a + 1', 'Var', 'a..b', 'a.b\n'])
    expect(() => new Reference(path)).toThrow(expect.objectContaining({ code: 'ARGUMENT_INVALID' }))
})

test('module, input, kind and serial each change the hash of a run, and a sensitive input changes none', () => {
  const rendered = renderModule(localSiloServer, input)
  const base = runHash(rendered, { kind: 'apply', serial: 1 })
  expect(runHash(renderModule(localSiloServer, { ...input, password: 'another' }), { kind: 'apply', serial: 1 })).toBe(base)
  const others = [
    runHash(rendered, { kind: 'apply', serial: 2 }),
    runHash(rendered, { kind: 'destroy', serial: 1 }),
    runHash(renderModule(localSiloServer, { ...input, server: 'acme-2' }), { kind: 'apply', serial: 1 }),
    runHash({ ...rendered, lockFile: 'provider "x" {}' }, { kind: 'apply', serial: 1 }),
    runHash({ ...rendered, moduleHash: rendered.inputHash }, { kind: 'apply', serial: 1 }),
  ]
  expect(new Set([base, ...others]).size).toBe(others.length + 1)
})

test('a sensitive input is in no file of the module', () => {
  const { sensitive, ...files } = renderModule(localSiloServer, input)
  expect(sensitive).toEqual({ password: 'canary-password' })
  expect(JSON.stringify(files)).not.toContain('canary-password')
})

test('a server id that is not made of a-z, 0-9 and - is refused', () => {
  for (const server of ['', 'A', 'a b', 'a;rm', '$(id)', '-rf', 'a\n', '../a', 'ä', 'a'.repeat(64)])
    expect(() => renderModule(localSiloServer, { ...input, server })).toThrow(
      expect.objectContaining({ code: 'ARGUMENT_INVALID' }),
    )
  expect(renderModule(localSiloServer, { ...input, server: 'a'.repeat(63) }).variables).toContain('a'.repeat(63))
})

test('a type of resource that could not be adopted after a kill is not rendered', () => {
  expect(() => renderModule({ ...localSiloServer, adoption: {} }, input)).toThrow('adopted after a kill')
})

test('a sensitive input that a state or plan could keep is not rendered', () => {
  const variable = { ...localSiloServer.configuration.variable, password: { type: 'string', sensitive: true } }
  const module = { ...localSiloServer, configuration: { ...localSiloServer.configuration, variable } }
  expect(() => renderModule(module, input)).toThrow('ephemeral')
})

test('a name is short, plain, the same for the same tenant, and another for another tenant or kind', () => {
  expect(resourceName({ tenant: 'Acme, Inc.', kind: 'database' })).toMatch(/^acme-inc-[0-9a-f]{12}$/)
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.integer({ min: 1, max: 63 }), (tenant, other, maxLength) => {
      const name = resourceName({ tenant, kind: 'database', maxLength })
      expect(name).toMatch(/^[a-z][a-z0-9-]*[a-z0-9]$/)
      expect(name.length).toBeLessThanOrEqual(Math.max(maxLength, 20))
      expect(name).toBe(resourceName({ tenant, kind: 'database', maxLength }))
      expect(name).not.toBe(resourceName({ tenant, kind: 'storage', maxLength }))
      expect(name === resourceName({ tenant: other, kind: 'database', maxLength })).toBe(other === tenant)
    }),
  )
})
