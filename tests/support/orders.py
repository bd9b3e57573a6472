"""A shop's orders: a schema and operations to generate functions for."""

from __future__ import annotations

from pathlib import Path

SDL = """\
export const schema = gql`
  type Order {
    id: Int!
    email: String!
    items: [Item!]!
  }

  type Item {
    id: Int!
    name: String!
  }

  input PlaceOrderInput {
    customer: CustomerInput!
    note: String
    quantity: Int!
  }

  input CustomerInput {
    email: String!
  }

  type Query {
    orders: [Order!]! @skipAuth
  }

  type Mutation {
    placeOrder(input: PlaceOrderInput!): Order! @skipAuth
    cancelOrder(id: Int!): Order! @skipAuth
    shipOrder(id: Int!, carrier: String): Order! @skipAuth
  }
`
"""
SERVICE = """\
const order = (id) => {
  return { id, email: 'ada@example.com', items: [{ id: 1, name: 'Tea' }] }
}

export const orders = () => [order(1)]

export const placeOrder = () => order(2)

export const cancelOrder = ({ id }) => order(id)

export const shipOrder = ({ id }) => order(id)
"""
OPERATIONS = """\
export const PLACE = gql`
  mutation PlaceOrderMutation($input: PlaceOrderInput!) {
    placeOrder(input: $input) {
      id
      items {
        id
      }
    }
  }
`

export const CANCEL = gql`
  mutation CancelOrder($id: Int!) {
    cancelOrder(id: $id) {
      id
    }
  }
`

export const SHIP = gql`
  mutation ShipOrder($id: Int!, $carrier: String) {
    shipOrder(id: $id, carrier: $carrier) {
      id
    }
  }
`

export const ALL = gql`
  query FindOrders {
    orders {
      id
    }
  }
`
"""


def add_orders(app: Path, language: str) -> None:
    """Give an app the schema, the services and the operations."""
    api, web = app / "api" / "src", app / "web" / "src"
    (api / "graphql" / f"orders.sdl.{language}").write_text(SDL)
    service = api / "services" / "orders" / f"orders.{language}"
    service.parent.mkdir(parents=True)
    service.write_text(SERVICE.replace("id)", "id: number)", 1) if language == "ts" else SERVICE)
    operations = web / "lib" / f"orders.{language}"
    operations.parent.mkdir(parents=True, exist_ok=True)
    operations.write_text(OPERATIONS)
