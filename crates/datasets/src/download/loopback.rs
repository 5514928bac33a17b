//! A web server on this machine that answers well or badly.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

/// What the server does with every request.
#[derive(Clone)]
pub(super) enum Answer {
    /// Sends the bytes.
    Body(Vec<u8>),
    /// Sends the bytes, and says that they are to be decompressed.
    CalledGzip(Vec<u8>),
    /// Announces the bytes, sends half of them, and hangs up.
    BrokenOff(Vec<u8>),
    /// Sends a status and nothing else.
    Status(u16),
    /// Accepts the connection and says nothing.
    Silence,
}

/// The address of a server that gives this answer until the tests end.
pub(super) fn serve(answer: Answer) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for stream in listener.incoming() {
            // A client that hangs up early is its own affair.
            let _ = respond(stream.unwrap(), &answer);
        }
    });
    format!("http://127.0.0.1:{port}/file")
}

/// An address at which nobody listens.
pub(super) fn closed_port() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    format!("http://127.0.0.1:{port}/file")
}

fn respond(mut stream: TcpStream, answer: &Answer) -> std::io::Result<()> {
    let mut line = String::new();
    let mut request = BufReader::new(stream.try_clone()?);
    while line != "\r\n" {
        line.clear();
        request.read_line(&mut line)?;
    }
    let (status, header, body, sent) = match answer {
        Answer::Body(body) => (200, "", &body[..], body.len()),
        Answer::CalledGzip(body) => (200, "Content-Encoding: gzip\r\n", &body[..], body.len()),
        Answer::BrokenOff(body) => (200, "", &body[..], body.len() / 2),
        Answer::Status(status) => (*status, "", &[][..], 0),
        Answer::Silence => {
            // Until the client hangs up.
            return request.read_line(&mut line).map(drop);
        }
    };
    write!(
        stream,
        "HTTP/1.1 {status} Answer\r\n{header}Content-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    )?;
    stream.write_all(&body[..sent])
}
