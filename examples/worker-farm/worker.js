'use strict'

// Squares numbers, and answers http requests on connections that the parent has accepted.
process.on('message', ({ task, url }, socket) => {
  if (url === undefined) {
    process.send({ result: task * task })
    return
  }
  // The client may have given up meanwhile; then there is no socket.
  const body = `${process.pid} ${url}`
  socket?.end(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`)
})
