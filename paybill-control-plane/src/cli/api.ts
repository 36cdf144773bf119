// The API as a client sees it, made from openapi.json by `npm run check -- --write`. Not to be edited.

export type Money = {
  /** whole minor units, such as cents */
  readonly minor: string
  readonly currency: string
}

export type SignUp = {
  readonly customer: {
    readonly name: string
    readonly email: string
  }
  /** what the address of the tenant is made of */
  readonly name: string
  readonly region: string
  readonly product: string
  readonly plan: string
  readonly seats?: number
  /** which price, where the plan has several */
  readonly price?: {
    readonly currency: string
    readonly interval: "month" | "year"
  }
}

export type Suspension = {
  readonly reason: "payment" | "operator" | "security" | "quota"
}

export type Tenant = {
  readonly id: string
  readonly name: string
  readonly customer: string
  readonly product: string
  readonly plan: {
    readonly id: string
    readonly version: number
  } | null
  readonly isolation: "pooled" | "bridge" | "silo"
  readonly region: string
  readonly phase: "pending" | "provisioning" | "provision_failed" | "active" | "suspended" | "updating" | "update_failed" | "migrating" | "archived" | "deprovisioning" | "deprovision_failed" | "deleted"
  readonly mode: "observe" | "enforce"
  readonly access: "full" | "grace" | "restricted" | "blocked"
  /** why access is what it is */
  readonly because: readonly string[]
  readonly suspensions: readonly ({
    readonly reason: "payment" | "operator" | "security" | "quota"
    readonly by: string
    readonly since: string
  })[]
  readonly place: {
    readonly cell: string
    readonly database: string | null
    readonly epoch: number
  } | null
  /** what is at work on it */
  readonly operation: {
    readonly id: string
    readonly kind: "provision" | "suspend" | "resume" | "delete"
    readonly waitsFor: string
    readonly since: string
  } | null
  /** what happens next by itself */
  readonly next: {
    readonly kind: "start" | "working" | "wait" | "park" | "none"
    readonly what: string
    readonly since: string | null
  }
  readonly createdAt: string
  readonly msToActive: number | null
}

export type TenantList = {
  readonly tenants: readonly Tenant[]
  /** the `after` of the page that follows; null on the last */
  readonly next: string | null
}

export type Explanation = {
  readonly lines: readonly string[]
}

export type Preview = {
  readonly entries: readonly ({
    readonly at: string
    readonly what: string
  })[]
}

export type Route = {
  readonly tenant: string
  readonly access: "full" | "grace" | "restricted" | "blocked"
  readonly because: readonly string[]
  readonly cell: string | null
  readonly isolation: "pooled" | "bridge" | "silo"
  readonly database: string | null
  /** tells a newer answer from an older one */
  readonly epoch: number
}

export type RunList = {
  readonly runs: readonly ({
    readonly tenant: string
    readonly id: string
    readonly kind: "apply" | "destroy"
    /** what it came to; `applied` is done */
    readonly state: string
    /** the SHA-256 of the plan that was applied; null before there is one */
    readonly planHash: string | null
    /** the serial of the state that it left */
    readonly serial: number | null
  })[]
}

export type Certificate = {
  /** to be kept byte for byte: it is what was signed, with its signature */
  readonly certificate: string
}

export type PaymentRequest = {
  readonly id: string
  readonly subscription: string
  readonly amount: Money
  readonly dueAt: string
  readonly status: "open" | "paid" | "void"
}

export type PaymentRequestList = {
  readonly requests: readonly PaymentRequest[]
}

export type Clock = {
  /** business time */
  readonly now: string
}

export type ClockChange = {
  readonly now: string
}

export type Plan = {
  readonly product: string
  readonly plan: string
  readonly version: number
  readonly name: string
  readonly isolation: "pooled" | "bridge" | "silo"
  readonly activation: "immediate" | "on_payment" | "on_approval"
  readonly trialDays: number | null
  /** empty where the plan costs nothing */
  readonly prices: readonly ({
    readonly interval: "month" | "year"
    readonly flat: Money
    readonly perSeat: Money | null
  })[]
  readonly hash: string
}

export type PlanList = {
  readonly plans: readonly Plan[]
}

export type Health = {
  readonly status: "ok"
}

export type Document = {
  readonly openapi: string
}

export type Problem = {
  readonly type: string
  readonly title: string
  readonly status: number
  /** one of the codes of docs/errors.md */
  readonly code: string
  readonly detail: string
  /** names this one occurrence, as the log does */
  readonly instance: string
  /** every place of the request that is wrong */
  readonly errors?: readonly ({
    readonly pointer: string
    readonly detail: string
  })[]
}

/** A request that takes nothing. */
type Nothing = { readonly [name: string]: never }

/** What each operation takes and answers. */
export type Operations = {
  /** Signs a company up: customer, subscription and tenant, with a place reserved, or nothing at all. */
  readonly signUp: {
    readonly request: { readonly body: SignUp }
    readonly answer: Tenant
  }
  /** Lists the tenants that are not deleted, in the order of their ids. */
  readonly tenantList: {
    readonly request: { readonly query: { readonly after?: string; readonly limit?: number } }
    readonly answer: TenantList
  }
  /** Shows a tenant. */
  readonly tenantShow: {
    readonly request: { readonly path: { readonly id: string } }
    readonly answer: Tenant
  }
  /** Asks for a tenant to be deleted: it is suspended first, then nothing is left of it. */
  readonly tenantDelete: {
    readonly request: { readonly path: { readonly id: string } }
    readonly answer: Tenant
  }
  /** Suspends a tenant for a reason. Access is gone when this answers; infrastructure follows. */
  readonly tenantSuspend: {
    readonly request: { readonly path: { readonly id: string }; readonly body: Suspension }
    readonly answer: Tenant
  }
  /** Takes one reason away. The tenant is resumed when no reason is left. */
  readonly tenantResume: {
    readonly request: { readonly path: { readonly id: string; readonly reason: "payment" | "operator" | "security" | "quota" } }
    readonly answer: Tenant
  }
  /** Says why a tenant is as it is, and what happens next. */
  readonly tenantExplain: {
    readonly request: { readonly path: { readonly id: string } }
    readonly answer: Explanation
  }
  /** Says with dates what will happen to a tenant if nobody pays. */
  readonly tenantPreview: {
    readonly request: { readonly path: { readonly id: string }; readonly query: { readonly until: string } }
    readonly answer: Preview
  }
  /** Says where a tenant is and what it may do, for whoever routes its requests. */
  readonly tenantRoute: {
    readonly request: { readonly path: { readonly id: string } }
    readonly answer: Route
  }
  /** Lists what Terraform did for a tenant. */
  readonly tenantRuns: {
    readonly request: { readonly path: { readonly id: string } }
    readonly answer: RunList
  }
  /** Gives the signed certificate that nothing of a deleted tenant is left. */
  readonly tenantCertificate: {
    readonly request: { readonly path: { readonly id: string } }
    readonly answer: Certificate
  }
  /** Lists what a tenant was asked to pay. */
  readonly paymentRequestList: {
    readonly request: { readonly path: { readonly id: string } }
    readonly answer: PaymentRequestList
  }
  /** Takes note that a payment request is paid. Its id is subscription and period with the slash between them. */
  readonly paymentRequestPaid: {
    readonly request: { readonly path: { readonly subscription: string; readonly period: string } }
    readonly answer: PaymentRequest
  }
  /** Shows the business time. */
  readonly clockShow: {
    readonly request: Nothing
    readonly answer: Clock
  }
  /** Moves the business time of a sandbox forward, at most 366 days at once; answers when everything due has happened. */
  readonly clockMove: {
    readonly request: { readonly body: ClockChange }
    readonly answer: Clock
  }
  /** Lists what is sold, in its newest versions. */
  readonly planList: {
    readonly request: Nothing
    readonly answer: PlanList
  }
  /** Shows this document. */
  readonly document: {
    readonly request: Nothing
    readonly answer: Document
  }
  /** Says that the server answers. */
  readonly health: {
    readonly request: Nothing
    readonly answer: Health
  }
}

/** How each operation is called, and the form of what it answers. */
export const operations = {
  signUp: {"method":"POST","path":"/v1/sign-ups","isKeyed":true,"answer":"Tenant"},
  tenantList: {"method":"GET","path":"/v1/tenants","isKeyed":false,"answer":"TenantList"},
  tenantShow: {"method":"GET","path":"/v1/tenants/{id}","isKeyed":false,"answer":"Tenant"},
  tenantDelete: {"method":"DELETE","path":"/v1/tenants/{id}","isKeyed":true,"answer":"Tenant"},
  tenantSuspend: {"method":"POST","path":"/v1/tenants/{id}/suspensions","isKeyed":true,"answer":"Tenant"},
  tenantResume: {"method":"DELETE","path":"/v1/tenants/{id}/suspensions/{reason}","isKeyed":true,"answer":"Tenant"},
  tenantExplain: {"method":"GET","path":"/v1/tenants/{id}/explain","isKeyed":false,"answer":"Explanation"},
  tenantPreview: {"method":"GET","path":"/v1/tenants/{id}/preview","isKeyed":false,"answer":"Preview"},
  tenantRoute: {"method":"GET","path":"/v1/tenants/{id}/route","isKeyed":false,"answer":"Route"},
  tenantRuns: {"method":"GET","path":"/v1/tenants/{id}/runs","isKeyed":false,"answer":"RunList"},
  tenantCertificate: {"method":"GET","path":"/v1/tenants/{id}/certificate","isKeyed":false,"answer":"Certificate"},
  paymentRequestList: {"method":"GET","path":"/v1/tenants/{id}/payment-requests","isKeyed":false,"answer":"PaymentRequestList"},
  paymentRequestPaid: {"method":"POST","path":"/v1/payment-requests/{subscription}/{period}/paid","isKeyed":true,"answer":"PaymentRequest"},
  clockShow: {"method":"GET","path":"/v1/clock","isKeyed":false,"answer":"Clock"},
  clockMove: {"method":"PUT","path":"/v1/clock","isKeyed":true,"answer":"Clock"},
  planList: {"method":"GET","path":"/v1/plans","isKeyed":false,"answer":"PlanList"},
  document: {"method":"GET","path":"/v1/openapi.json","isKeyed":false,"answer":"Document"},
  health: {"method":"GET","path":"/healthz","isKeyed":false,"answer":"Health"},
} as const

/** The forms of answers, as JSON Schema; what is not said is not restricted. */
export const forms = {
  Certificate: {"type":"object","properties":{"certificate":{"type":"string"}},"required":["certificate"]},
  Clock: {"type":"object","properties":{"now":{"type":"string"}},"required":["now"]},
  Document: {"type":"object","properties":{"openapi":{"type":"string"}},"required":["openapi"]},
  Explanation: {"type":"object","properties":{"lines":{"type":"array","items":{"type":"string"}}},"required":["lines"]},
  Health: {"type":"object","properties":{"status":{"type":"string","const":"ok"}},"required":["status"]},
  Money: {"type":"object","properties":{"minor":{"type":"string"},"currency":{"type":"string"}},"required":["minor","currency"]},
  PaymentRequest: {"type":"object","properties":{"id":{"type":"string"},"subscription":{"type":"string"},"amount":{"$ref":"#/components/schemas/Money"},"dueAt":{"type":"string"},"status":{"type":"string","enum":["open","paid","void"]}},"required":["id","subscription","amount","dueAt","status"]},
  PaymentRequestList: {"type":"object","properties":{"requests":{"type":"array","items":{"$ref":"#/components/schemas/PaymentRequest"}}},"required":["requests"]},
  Plan: {"type":"object","properties":{"product":{"type":"string"},"plan":{"type":"string"},"version":{"type":"integer"},"name":{"type":"string"},"isolation":{"type":"string","enum":["pooled","bridge","silo"]},"activation":{"type":"string","enum":["immediate","on_payment","on_approval"]},"trialDays":{"anyOf":[{"type":"integer"},{"type":"null"}]},"prices":{"type":"array","items":{"type":"object","properties":{"interval":{"type":"string","enum":["month","year"]},"flat":{"$ref":"#/components/schemas/Money"},"perSeat":{"anyOf":[{"$ref":"#/components/schemas/Money"},{"type":"null"}]}},"required":["interval","flat","perSeat"]}},"hash":{"type":"string"}},"required":["product","plan","version","name","isolation","activation","trialDays","prices","hash"]},
  PlanList: {"type":"object","properties":{"plans":{"type":"array","items":{"$ref":"#/components/schemas/Plan"}}},"required":["plans"]},
  Preview: {"type":"object","properties":{"entries":{"type":"array","items":{"type":"object","properties":{"at":{"type":"string"},"what":{"type":"string"}},"required":["at","what"]}}},"required":["entries"]},
  Problem: {"type":"object","properties":{"type":{"type":"string"},"title":{"type":"string"},"status":{"type":"integer"},"code":{"type":"string"},"detail":{"type":"string"},"instance":{"type":"string"},"errors":{"type":"array","items":{"type":"object","properties":{"pointer":{"type":"string"},"detail":{"type":"string"}},"required":["pointer","detail"]}}},"required":["type","title","status","code","detail","instance"]},
  Route: {"type":"object","properties":{"tenant":{"type":"string"},"access":{"type":"string","enum":["full","grace","restricted","blocked"]},"because":{"type":"array","items":{"type":"string"}},"cell":{"type":["string","null"]},"isolation":{"type":"string","enum":["pooled","bridge","silo"]},"database":{"type":["string","null"]},"epoch":{"type":"integer"}},"required":["tenant","access","because","cell","isolation","database","epoch"]},
  RunList: {"type":"object","properties":{"runs":{"type":"array","items":{"type":"object","properties":{"tenant":{"type":"string"},"id":{"type":"string"},"kind":{"type":"string","enum":["apply","destroy"]},"state":{"type":"string"},"planHash":{"type":["string","null"]},"serial":{"anyOf":[{"type":"integer"},{"type":"null"}]}},"required":["tenant","id","kind","state","planHash","serial"]}}},"required":["runs"]},
  Tenant: {"type":"object","properties":{"id":{"type":"string"},"name":{"type":"string"},"customer":{"type":"string"},"product":{"type":"string"},"plan":{"anyOf":[{"type":"object","properties":{"id":{"type":"string"},"version":{"type":"integer"}},"required":["id","version"]},{"type":"null"}]},"isolation":{"type":"string","enum":["pooled","bridge","silo"]},"region":{"type":"string"},"phase":{"type":"string","enum":["pending","provisioning","provision_failed","active","suspended","updating","update_failed","migrating","archived","deprovisioning","deprovision_failed","deleted"]},"mode":{"type":"string","enum":["observe","enforce"]},"access":{"type":"string","enum":["full","grace","restricted","blocked"]},"because":{"type":"array","items":{"type":"string"}},"suspensions":{"type":"array","items":{"type":"object","properties":{"reason":{"type":"string","enum":["payment","operator","security","quota"]},"by":{"type":"string"},"since":{"type":"string"}},"required":["reason","by","since"]}},"place":{"anyOf":[{"type":"object","properties":{"cell":{"type":"string"},"database":{"type":["string","null"]},"epoch":{"type":"integer"}},"required":["cell","database","epoch"]},{"type":"null"}]},"operation":{"anyOf":[{"type":"object","properties":{"id":{"type":"string"},"kind":{"type":"string","enum":["provision","suspend","resume","delete"]},"waitsFor":{"type":"string"},"since":{"type":"string"}},"required":["id","kind","waitsFor","since"]},{"type":"null"}]},"next":{"type":"object","properties":{"kind":{"type":"string","enum":["start","working","wait","park","none"]},"what":{"type":"string"},"since":{"anyOf":[{"type":"string"},{"type":"null"}]}},"required":["kind","what","since"]},"createdAt":{"type":"string"},"msToActive":{"anyOf":[{"type":"integer"},{"type":"null"}]}},"required":["id","name","customer","product","plan","isolation","region","phase","mode","access","because","suspensions","place","operation","next","createdAt","msToActive"]},
  TenantList: {"type":"object","properties":{"tenants":{"type":"array","items":{"$ref":"#/components/schemas/Tenant"}},"next":{"type":["string","null"]}},"required":["tenants","next"]},
} as const
