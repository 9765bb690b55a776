// The record and the list of reports in Node, as one would write them with fastify and pg: the
// queries of `byhand.py` at once, over a pool, in two processes. It decrypts and records nothing,
// and asks nobody who they are.
const cluster = require('cluster')

if (cluster.isPrimary) {
  for (let i = 0; i < 2; i++) cluster.fork()
  process.on('SIGTERM', () => {
    for (const worker of Object.values(cluster.workers)) worker.kill('SIGKILL')
    process.exit(0)
  })
} else {
  const { Pool } = require('pg')
  const queries = JSON.parse(process.env.QUERIES)
  const pool = new Pool({ connectionString: process.env.DATABASE_URL, max: 8 })
  const ask = async (name, ...values) => (await pool.query({ name, text: queries[name], values })).rows
  const app = require('fastify')({ logger: false })

  app.get('/record/:id', async (request) => {
    const [patient] = await ask('patient', request.params.id)
    const today = new Date().toISOString().slice(0, 10)
    const [pulled, allergies, taken, prescribed, online, visits, values, reports, papers] =
      await Promise.all([
        ask('pulled'),
        ask('allergies', patient.person_id, patient.id),
        ask('taken', patient.id, today, today),
        ask('prescribed', patient.person_id, today),
        ask('online', patient.id, 10),
        ask('visits', patient.person_id, 10),
        ask('values', JSON.parse(process.env.CODES), patient.person_id, 12),
        ask('reports', patient.person_id, 10),
        ask('papers', patient.id, 10),
      ])
    const last = visits.map((each) => each.id)
    const diagnoses = await ask('diagnoses', patient.person_id, last, patient.person_id)
    const medicines = [...taken, ...prescribed]
    return { patient, pulled, allergies, medicines, online, visits, diagnoses, values, reports, papers }
  })

  app.get('/reports/:id', async (request) => {
    const [patient] = await ask('patient', request.params.id)
    const { at = '9999-12-31', below = '9223372036854775807' } = request.query
    const rows = await ask('listed', patient.person_id, at, below)
    return { as_of: patient.pulled_at, rows: rows.slice(0, 20), more: rows.length > 20 }
  })

  app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' })
}
