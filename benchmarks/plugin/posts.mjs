// A schema with 20 posts and their authors, and the request that asks for them.
import { createSchema } from 'graphql-yoga'

const posts = Array.from({ length: 20 }, (_, index) => ({
  id: index,
  title: `Post ${index}`,
  body: 'Some text that is a little longer than the title.',
  author: { id: index % 7, name: `Author ${index % 7}` },
}))
export const schema = createSchema({
  typeDefs: /* GraphQL */ `
    type Author {
      id: ID!
      name: String!
    }
    type Post {
      id: ID!
      title: String!
      body: String!
      author: Author!
    }
    type Query {
      posts(number: Int): [Post!]!
    }
  `,
  resolvers: { Query: { posts: () => posts } },
})
export const request = {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({
    query: 'query FindPosts { posts { id title body author { id name } } }',
  }),
}
