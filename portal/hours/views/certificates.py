"""Certificates: issued, printed, taken along as a PDF."""

from flask import flash, redirect, request, send_file, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.errors import ConflictError, NotFoundError
from portal.hours import papers, policies, queries, services
from portal.hours.models import HourCertificate
from portal.hours.views.blueprint import asked_year, bp, seen_person
from portal.materials import papers_pdf
from portal.people.access import current_person, current_reader, signed_in
from portal.web.numbers import row_number
from portal.web.qr import qr_picture
from portal.web.templating import render
from portal.web.transaction import writes

_PDF = "application/pdf"


@bp.post("/hours/certificates")
@signed_in
@writes
def issue() -> Response:
    """Issue a certificate of a year's confirmed hours, one's own or a member's."""
    asked = request.form.get("person", current_reader().id, type=row_number)
    person = seen_person(asked)
    made = services.issue(
        person=person,
        year=asked_year(),
        check_page=url_for("hours.check", _external=True),
        actor=current_person(),
    )
    return redirect(url_for("hours.certificate", certificate_id=made.id), code=303)


@bp.get("/hours/certificates/<int:certificate_id>")
@signed_in
def certificate(certificate_id: int) -> Response:
    """The certificate as a page to print, and how it stands with its PDF."""
    found = _seen(certificate_id)
    address = url_for("hours.check", code=found.code, _external=True)
    return render(
        "hours/certificate.html",
        block="pdf",
        certificate=found,
        statement=papers.statement_of(found),
        qr=qr_picture(address),
        is_ready=papers.path_of(found.id).exists(),
        is_coming=papers.is_coming(found.id),
        can_be_made=papers_pdf.can_be_made(),
        is_own=found.person_id == current_reader().id,
    )


@bp.get("/hours/certificates/<int:certificate_id>/certificate.pdf")
@signed_in
def certificate_pdf(certificate_id: int) -> Response:
    """The PDF; a sentence while it is still being made."""
    found = _seen(certificate_id)
    path = papers.path_of(found.id)
    if not path.exists():
        raise ConflictError("PDF 还没有做好。请稍等片刻再下载，或者直接打印页面。")
    response = send_file(
        path,
        mimetype=_PDF,
        as_attachment=True,
        download_name=f"学时证明-{found.number}.pdf",
    )
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.post("/hours/certificates/<int:certificate_id>/pdf")
@signed_in
@writes
def make_pdf(certificate_id: int) -> Response:
    """Have the PDF made that is missing."""
    found = _seen(certificate_id)
    papers.ask_again(
        found.id, check_page=url_for("hours.check", _external=True), actor=current_person()
    )
    flash("正在生成 PDF，稍等片刻再下载。")
    return redirect(url_for("hours.certificate", certificate_id=found.id), code=303)


def _seen(certificate_id: int) -> HourCertificate:
    found = queries.certificate(certificate_id)
    relations = found.person.present_memberships(clock.today())
    if not policies.may_see_certificate(current_reader(), relations, found):
        raise NotFoundError("没有这份学时证明，或者不对您开放。")
    return found
