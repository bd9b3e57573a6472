import {
  getNamedType,
  getOperationAST,
  isAbstractType,
  isCompositeType,
  isIntrospectionType,
  Kind,
  print,
} from 'graphql'
import type {
  DocumentNode,
  ExecutionArgs,
  FieldNode,
  FragmentDefinitionNode,
  GraphQLCompositeType,
  GraphQLNamedType,
  GraphQLObjectType,
  GraphQLSchema,
  OperationDefinitionNode,
  SelectionNode,
  SelectionSetNode,
} from 'graphql'

/** The result key of a field whose value has fields of its own. */
interface Child {
  key: string
  place: Place
}

/** What to look for in an object of one type. */
interface Shape {
  typename: string
  /** All keys that an object of this type can have here. */
  keys: Set<string>
  /** The keys under which the field `id` is answered: its name or aliases. */
  idKeys: string[]
  /** The keys under which `__typename` is answered. */
  typenameKeys: string[]
  children: Child[]
}

/** One place in the result where objects of one or more types can stand. */
interface Place {
  type: GraphQLCompositeType
  possibleTypes: readonly GraphQLObjectType[]
  selectionSets: SelectionSetNode[]
  shapes: Map<string, Shape>
}

/** The parts of a document that are used again and again. */
interface Source {
  schema: GraphQLSchema
  fragments: Map<string, FragmentDefinitionNode>
}

/** What a document says about one of its operations. */
export interface Operation {
  /** The name in the document; empty when there is none. */
  name: string
  type: 'query' | 'mutation' | 'subscription'
  /** The document, as it was sent where that is known. */
  documentString: string
  isIntrospection: boolean
  /** Names of all types that the answer can hold. */
  types: Set<string>
  /** All fields that it asks for, such as `Query.posts` and `Post.title`. */
  schemaCoordinates: Set<string>
  source: Source
  root: Place | undefined
}

/** Takes the type and the id of each object that has one. */
export type OnIdentifier = (typename: string, id: unknown) => void

type OperationsByName = Map<string, Operation | undefined>

const known = new WeakMap<
  GraphQLSchema,
  WeakMap<DocumentNode, OperationsByName>
>()

/**
 * The operation that is executed, read from its document.
 *
 * The reading is done once for each document: servers keep parsed documents.
 */
export function getOperation(args: ExecutionArgs): Operation | undefined {
  const { schema, document, operationName } = args
  let documents = known.get(schema)
  if (!documents) {
    documents = new WeakMap()
    known.set(schema, documents)
  }
  let operations = documents.get(document)
  if (!operations) {
    operations = new Map()
    documents.set(document, operations)
  }
  const key = operationName ?? ''
  if (!operations.has(key)) {
    const definition = getOperationAST(document, operationName)
    operations.set(
      key,
      definition ? readOperation(schema, document, definition) : undefined
    )
  }
  return operations.get(key)
}

function readOperation(
  schema: GraphQLSchema,
  document: DocumentNode,
  definition: OperationDefinitionNode
): Operation {
  const source = { schema, fragments: getFragments(document) }
  const rootType = schema.getRootType(definition.operation) ?? undefined
  const operation: Operation = {
    name: definition.name?.value ?? '',
    type: definition.operation,
    documentString: document.loc?.source.body ?? print(document),
    isIntrospection: false,
    types: new Set(),
    schemaCoordinates: new Set(),
    source,
    root: rootType && toPlace(schema, rootType, [definition.selectionSet]),
  }
  if (rootType) {
    noteFields(operation, rootType, definition.selectionSet, new Set())
  }
  return operation
}

function getFragments(document: DocumentNode) {
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) {
      fragments.set(definition.name.value, definition)
    }
  }
  return fragments
}

/** Notes which types and fields an operation can touch, fragments included. */
function noteFields(
  operation: Operation,
  parent: GraphQLCompositeType,
  selectionSet: SelectionSetNode,
  visited: Set<string>
): void {
  for (const selection of selectionSet.selections) {
    if (selection.kind === Kind.FIELD) {
      noteField(operation, parent, selection, visited)
      continue
    }
    if (selection.kind === Kind.FRAGMENT_SPREAD) {
      // A fragment says the same wherever it is used.
      if (visited.has(selection.name.value)) {
        continue
      }
      visited.add(selection.name.value)
    }
    const inner = getFragment(operation.source, selection)
    const type = inner && getCondition(operation.source, inner, parent)
    if (inner && type) {
      noteType(operation, type)
      noteFields(operation, type, inner.selectionSet, visited)
    }
  }
}

function noteField(
  operation: Operation,
  parent: GraphQLCompositeType,
  node: FieldNode,
  visited: Set<string>
): void {
  const { schema } = operation.source
  const name = node.name.value
  operation.schemaCoordinates.add(`${parent.name}.${name}`)
  for (const possible of getPossibleTypes(schema, parent)) {
    operation.schemaCoordinates.add(`${possible.name}.${name}`)
  }
  const type = getFieldType(schema, parent, name)
  if (type) {
    noteType(operation, type)
  }
  if (type && isCompositeType(type) && node.selectionSet) {
    noteFields(operation, type, node.selectionSet, visited)
  }
}

function noteType(operation: Operation, type: GraphQLNamedType): void {
  operation.types.add(type.name)
  if (isIntrospectionType(type)) {
    operation.isIntrospection = true
  }
  if (isAbstractType(type)) {
    for (const possible of operation.source.schema.getPossibleTypes(type)) {
      operation.types.add(possible.name)
    }
  }
}

/** Finds the objects in a result, each with its type and its id. */
export function findIdentifiers(
  operation: Operation,
  data: unknown,
  onIdentifier: OnIdentifier
): void {
  if (operation.root) {
    visitValue(operation.source, operation.root, data, onIdentifier)
  }
}

function visitValue(
  source: Source,
  place: Place,
  value: unknown,
  onIdentifier: OnIdentifier
): void {
  if (Array.isArray(value)) {
    for (const item of value) {
      visitValue(source, place, item, onIdentifier)
    }
    return
  }
  if (typeof value !== 'object' || value === null) {
    return
  }
  const object = value as Record<string, unknown>
  const shape = getShape(source, place, object)
  for (const key of shape.idKeys) {
    const id = object[key]
    if (id !== null && id !== undefined) {
      onIdentifier(shape.typename, id)
    }
  }
  for (const { key, place: inner } of shape.children) {
    visitValue(source, inner, object[key], onIdentifier)
  }
}

/** The shape of an object, by its type. */
function getShape(
  source: Source,
  place: Place,
  object: Record<string, unknown>
): Shape {
  if (place.possibleTypes.length === 1) {
    return toShape(source, place, place.possibleTypes[0])
  }
  const candidates = []
  for (const type of place.possibleTypes) {
    const shape = toShape(source, place, type)
    if (shape.typenameKeys.some((key) => object[key] === type.name)) {
      return shape
    }
    if (Object.keys(object).every((key) => shape.keys.has(key))) {
      candidates.push(shape)
    }
  }
  // Without `__typename` the keys can still tell; otherwise it is an object
  // of the interface or union, and so it is called.
  return candidates.length === 1
    ? candidates[0]
    : toShape(source, place, place.type)
}

function toPlace(
  schema: GraphQLSchema,
  type: GraphQLCompositeType,
  selectionSets: SelectionSetNode[]
): Place {
  return {
    type,
    possibleTypes: getPossibleTypes(schema, type),
    selectionSets,
    shapes: new Map(),
  }
}

function toShape(
  source: Source,
  place: Place,
  type: GraphQLCompositeType
): Shape {
  const known = place.shapes.get(type.name)
  if (known) {
    return known
  }
  const shape: Shape = {
    typename: type.name,
    keys: new Set(),
    idKeys: [],
    typenameKeys: [],
    children: [],
  }
  place.shapes.set(type.name, shape)
  const fields = new Map<string, FieldNode[]>()
  for (const selectionSet of place.selectionSets) {
    collectFields(source, type, selectionSet, fields, new Set())
  }
  for (const [key, nodes] of fields) {
    addToShape(source, type, shape, key, nodes)
  }
  return shape
}

function addToShape(
  source: Source,
  type: GraphQLCompositeType,
  shape: Shape,
  key: string,
  nodes: FieldNode[]
): void {
  const name = nodes[0].name.value
  shape.keys.add(key)
  if (name === 'id') {
    shape.idKeys.push(key)
  }
  if (name === '__typename') {
    shape.typenameKeys.push(key)
  }
  const fieldType = getFieldType(source.schema, type, name)
  if (fieldType && isCompositeType(fieldType)) {
    const selectionSets = nodes.flatMap((node) => node.selectionSet ?? [])
    const place = toPlace(source.schema, fieldType, selectionSets)
    shape.children.push({ key, place })
  }
}

/** The fields that apply to an object of this type, by their result key. */
function collectFields(
  source: Source,
  type: GraphQLCompositeType,
  selectionSet: SelectionSetNode,
  fields: Map<string, FieldNode[]>,
  visited: Set<string>
): void {
  for (const selection of selectionSet.selections) {
    if (selection.kind === Kind.FIELD) {
      const key = selection.alias?.value ?? selection.name.value
      fields.set(key, [...(fields.get(key) ?? []), selection])
      continue
    }
    if (selection.kind === Kind.FRAGMENT_SPREAD) {
      if (visited.has(selection.name.value)) {
        continue
      }
      visited.add(selection.name.value)
    }
    const inner = getFragment(source, selection)
    const condition = inner && getCondition(source, inner, type)
    if (inner && condition && applies(source.schema, condition, type)) {
      collectFields(source, type, inner.selectionSet, fields, visited)
    }
  }
}

function getFragment(source: Source, selection: SelectionNode) {
  if (selection.kind === Kind.FRAGMENT_SPREAD) {
    return source.fragments.get(selection.name.value)
  }
  return selection.kind === Kind.INLINE_FRAGMENT ? selection : undefined
}

/** The type that a fragment is on; the parent's where it names none. */
function getCondition(
  source: Source,
  fragment: NonNullable<ReturnType<typeof getFragment>>,
  parent: GraphQLCompositeType
): GraphQLCompositeType | undefined {
  if (!fragment.typeCondition) {
    return parent
  }
  const type = source.schema.getType(fragment.typeCondition.name.value)
  return type && isCompositeType(type) ? type : undefined
}

function applies(
  schema: GraphQLSchema,
  condition: GraphQLCompositeType,
  type: GraphQLCompositeType
): boolean {
  if (condition.name === type.name) {
    return true
  }
  return (
    isAbstractType(condition) &&
    getPossibleTypes(schema, type).every((possible) =>
      schema.isSubType(condition, possible)
    )
  )
}

function getPossibleTypes(
  schema: GraphQLSchema,
  type: GraphQLCompositeType
): readonly GraphQLObjectType[] {
  return isAbstractType(type) ? schema.getPossibleTypes(type) : [type]
}

function getFieldType(
  schema: GraphQLSchema,
  parent: GraphQLCompositeType,
  name: string
): GraphQLNamedType | undefined {
  if (name === '__schema' || name === '__type') {
    return schema.getType(name === '__type' ? '__Type' : '__Schema')
  }
  const field = 'getFields' in parent ? parent.getFields()[name] : undefined
  return field && getNamedType(field.type)
}
