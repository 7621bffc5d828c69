package paper

import (
	"regexp"
	"strings"
)

// Parts of the patterns below.
const (
	arxivID = `(?:arxiv:)?((?:[a-z-]+(?:\.[a-z-]+)?/\d{7}|\d{4}\.\d{4,5})(?:v\d+)?)(?:[^0-9a-z]|$)`
	inArXiv = `[/=:]` + arxivID // wherever the site puts it
	inDOI   = `[/=:](10\.[1-9]\d{3,8}/[^?&]+?)` + view + `*(?:[?&]|$)`
	// view is what publishers put after a DOI to show the paper in another way.
	view = `(?:/(?:full|fulltext|abstract|abs|pdf|epdf|meta|html?|xml|summary|references|figures?|tables?|metrics|download)` +
		`(?:[/.][\w.-]*)?|\.(?:full|e?pdf|abstract|html?|xml|long|short|ris|bib|svg)(?:\+html)?|/)`
	// pii is Elsevier's number of an article.
	pii = `(S\d{4}-\d{3}[\dX]\(\d\d\)\d{5}-[\dX])`
	// issue is where an article stands in a journal, and its number at the publisher.
	issue = `^/(\w+(?:/\w+)?)/article(?:-abstract)?/([\w-]+/[\w-]+/[\w-]+/\d+)`
	// file is how NeurIPS and its sisters name what belongs to a paper; the last
	// part is its track, as in "-Paper-Conference.pdf".
	file = `^/(?:paper_files/)?paper/(\d{4})/(?:hash|file)/([0-9a-f]{32})-(?:Abstract|Paper)(-\w+)?\.(?:html|pdf)`
)

// sites is the table of where papers live, by host. Each line has
//
//   - the hosts, with all that is below them (mirrors, "www.", "m.");
//   - a pattern for the path and query there, percent-decoded and without regard
//     to case; a page is a paper by the first line that matches;
//   - the paper's name, in which $1 is what the pattern caught: an ID with any
//     version, an address if the paper has no better name, "link:" and the link
//     to look at instead ("proofpoint:" if it is written in that way), or nothing
//     if such a page is no paper.
//
// To teach Paperboy another site, add a line, and an example to siteExamples in
// sites_test.go. Pages of one paper (its PDF, its abstract) should get one name.
var sites = compile([]site{
	// arXiv, its mirrors and the sites that go by its ids.
	{"arxiv.org ar5iv.org xxx.lanl.gov", `^/+(?:[\w-]+/+)*` + arxivID, "arxiv:$1"},
	{"arxiv.org xxx.lanl.gov", `^/(?:PS_cache|ftp)/([a-z-]+)/(?:pdf|papers)/\d{4}/(\d{7}(?:v\d+)?)`, "arxiv:$1/$2"},
	{"arxiv.org", `^/api/query\?(?:.*&)?id_list=([^&]+)`, "arxiv:$1"},
	{"arxiv.org", `^/oai2?\?(?:.*&)?identifier=oai:arXiv\.org:([^&]+)`, "arxiv:$1"},
	{"huggingface.co hf.co hf-mirror.com", `^/(?:api/)?papers/` + arxivID, "arxiv:$1"},
	{"alphaxiv.org scirate.com emergentmind.com catalyzex.com bytez.com arxiv-vanity.com", inArXiv, "arxiv:$1"},
	{"inspirehep.net", `^/(?:api/)?(?:literature|record)/(\d+)`, "https://inspirehep.net/literature/$1"},
	{"deeplearn.org arxiv-sanity.com arxiv-sanity-lite.com scholar.archive.org inspirehep.net", inArXiv, "arxiv:$1"},
	{"talk2arxiv.org themoonlight.io connectedpapers.com", inArXiv, "arxiv:$1"},
	{"labml.ai takara.ai researchtrend.ai yesnoerror.com gist.science hyper.ai fugumt.com scipost.org", inArXiv, "arxiv:$1"},
	{"img.shields.io", `^/badge/[^?]*arxiv[^0-9?]?` + arxivID, "arxiv:$1"},
	{"papers.cool", `^/arxiv/(?:[\w-]+\?(?:.*&)?paper=)?` + arxivID, "arxiv:$1"},
	{"papers.cool", `^/venue/([\w-]+)@OpenReview`, "openreview:$1"},
	{"papers.cool", `^/venue/([\w.-]+)@ACL`, "acl:$1"},
	{"paperswithcode.com", inArXiv, "arxiv:$1"},
	{"paperswithcode.com", `^/paper/\?(?:.*&)?openreview=([\w-]+)`, "openreview:$1"},
	{"paperswithcode.com", `^/paper/([\w-]+)`, "https://paperswithcode.com/paper/$1"},
	{"semanticscholar.org", inArXiv, "arxiv:$1"},
	{"semanticscholar.org openalex.org adsabs.harvard.edu connectedpapers.com", inDOI, "doi:$1"},
	{"semanticscholar.org", `^/(?:graph/v1/)?(?:paper|reader)/(?:[^/?]*/)?([0-9a-f]{40})`, "https://www.semanticscholar.org/paper/$1"},
	{"semanticscholar.org", `^/([0-9a-f]{4}/[0-9a-f]{36}\.pdf)`, "https://pdfs.semanticscholar.org/$1"},
	{"semanticscholar.org", `/CorpusID:(\d+)`, "https://api.semanticscholar.org/CorpusID:$1"},
	{"openalex.org", `^/(?:works/)?(W\d{6,})`, "https://openalex.org/$1"},
	{"connectedpapers.com", `^/main/([0-9a-f]{40})`, "https://www.semanticscholar.org/paper/$1"},
	{"adsabs.harvard.edu", inArXiv, "arxiv:$1"},
	{"adsabs.harvard.edu", `^/abs/\d{4}arXiv(\d{4})\.?(\d{4,5})[A-Z]`, "arxiv:$1.$2"},
	{"adsabs.harvard.edu", `^/(?:abs|full|link_gateway)/(\d{4}[a-z][\w.]{13}[a-z])(?:[/?]|$)`, "https://ui.adsabs.harvard.edu/abs/$1"},
	{"adsabs.harvard.edu", `^/(?:abs|full|link_gateway)/(\d{4})A[?&]A([\w.]{11}[a-z])(?:[/?]|$)`, "https://ui.adsabs.harvard.edu/abs/$1A%26A$2"},
	{"catalyzex.com", `^/paper/([\w-]+)`, "https://www.catalyzex.com/paper/$1"},
	{"consensus.app", `^/papers/(?:details/)?(?:[\w-]+/)?([0-9a-f]{32})`, "https://consensus.app/papers/details/$1/"},
	{"dblp.org dblp.uni-trier.de", `^/rec/(?:\w+/)?journals/corr/abs-(\d{4})-(\d{4,5})`, "arxiv:$1.$2"},

	// DOIs, and publishers whose addresses hold them.
	{"doi.org doi.acm.org doi.wiley.com doi.ieeecomputersociety.org", `/(?:doi:)?(10\.[^?]+)`, "doi:$1"},
	{"biorxiv.org medrxiv.org", `/(10\.(?:1101|64898)/(?:\d{4}\.\d\d\.\d\d\.)?\d+(?:v\d+)?)`, "doi:$1"},
	{"biorxiv.org medrxiv.org", `/((?:202[6-9]|20[3-9]\d|2025\.12)[\d.]*\.\d{6,8}(?:v\d+)?)(?:[^0-9a-z]|$)`, "doi:10.64898/$1"},
	{"biorxiv.org medrxiv.org", `^/(?:cgi/)?content/.*/((?:20[12]\d\.\d\d\.\d\d\.)?\d{6,8}(?:v\d+)?)(?:[^0-9a-z]|$)`, "doi:10.1101/$1"},
	{"direct.mit.edu pubs.aip.org academic.oup.com pubs.geoscienceworld.org", `/doi/(?:pdf/)?(10\.1093/[^/?]+/[^/?]+|10\.\d{4,9}/[^/?]+)`, "doi:$1"},
	{"direct.mit.edu", issue, "https://direct.mit.edu/$1/article/$2"},
	{"pubs.aip.org", issue, "https://pubs.aip.org/$1/article/$2"},
	{"academic.oup.com", issue, "https://academic.oup.com/$1/article/$2"},
	{"pubs.geoscienceworld.org", issue, "https://pubs.geoscienceworld.org/$1/article/$2"},
	{"dl.acm.org portal.acm.org", `^/doi/(?:proceedings|book)/`, ""},
	{"dl.acm.org portal.acm.org", inDOI, "doi:$1"},
	{"dl.acm.org portal.acm.org", `^/(?:citation|ft_gateway)\.cfm\?(?:.*&)?id=(\d+\.\d+)`, "doi:10.1145/$1"},
	{"dl.acm.org portal.acm.org", `^/(?:citation|ft_gateway)\.cfm\?(?:.*&)?id=(\d+)(?:&|$)`, "https://dl.acm.org/citation.cfm?id=$1"},
	{"link.springer.com rd.springer.com biomedcentral.com springeropen.com", inDOI, "doi:$1"},
	{"onlinelibrary.wiley.com science.org sciencemag.org pnas.org tandfonline.com", inDOI, "doi:$1"},
	{"journals.sagepub.com pubs.acs.org journals.aps.org link.aps.org pubs.aip.org", inDOI, "doi:$1"},
	{"iopscience.iop.org plos.org plosone.org royalsocietypublishing.org nejm.org", inDOI, "doi:$1"},
	{"epubs.siam.org pubsonline.informs.org annualreviews.org worldscientific.com", inDOI, "doi:$1"},
	{"emerald.com degruyter.com projecteuclid.org journals.asm.org ahajournals.org", inDOI, "doi:$1"},
	{"frontiersin.org spiedigitallibrary.org mitpressjournals.org techrxiv.org embopress.org", inDOI, "doi:$1"},
	{"ascelibrary.org arc.aiaa.org library.seg.org ebooks.iospress.nl journals.ametsoc.org", inDOI, "doi:$1"},
	{"jamanetwork.com cambridge.org elsevier.com liebertpub.com psycnet.apa.org ascopubs.org", inDOI, "doi:$1"},
	{"journals.physiology.org journals.uchicago.edu thieme-connect.com karger.com aeaweb.org", inDOI, "doi:$1"},
	{"chemrxiv.org joss.theoj.org drops.dagstuhl.de scipost.org diglib.eg.org hdl.handle.net", inDOI, "doi:$1"},
	{"api.crossref.org unpaywall.org oadoi.org doai.io doi2bib.org citation.crosscite.org", inDOI, "doi:$1"},
	{"scite.ai altmetric.com pubpeer.com sci-hub.se sci-hub.st sci-hub.ru", inDOI, "doi:$1"},
	{"nature.com", `[/:](10\.1038/[^?/]+?)(?:\.pdf)?(?:[?/]|$)`, "doi:$1"},
	{"nature.com", `^/articles/([a-z]\w*[\w.-]*\d[\w-]*?|\d{5,8}(?:[a-z]\d)?)(?:_reference)?(?:\.e?pdf)?(?:[?/]|$)`, "doi:10.1038/$1"},
	{"nature.com", `/(?:full|abs|pdf)/([a-z]\w*[\w.-]*\d[\w-]*)\.(?:html|pdf)`, "doi:10.1038/$1"},
	{"zenodo.org", `^/(?:api/)?records?/(\d+)`, "doi:10.5281/zenodo.$1"},
	{"zenodo.org", inDOI, "doi:$1"},
	{"ssrn.com", `[/?&]abstract_?(?:id)?=(\d+)`, "doi:10.2139/ssrn.$1"},
	{"jstor.org", `^/stable/(?:pdf/)?(10\.\d{4,9}/[^?/]+?)(?:\.pdf)?(?:\?|$)`, "doi:$1"},
	{"jstor.org", `^/stable/(?:pdf/)?(\d+)`, "doi:10.2307/$1"},
	{"elifesciences.org", `^/(?:articles|reviewed-preprints)/(\d+)`, "doi:10.7554/elife.$1"},
	{"peerj.com", `^/articles/(\d+)`, "doi:10.7717/peerj.$1"},
	{"peerj.com", `^/articles/cs-(\d+)`, "doi:10.7717/peerj-cs.$1"},
	{"pubs.rsc.org", `/content/article(?:landing|html|pdf)/(?:\d{4}/\w+/)?([a-z]\d\w+)`, "doi:10.1039/$1"},
	{"hindawi.com", `^/journals/\w+/(\d{4}/\d+)`, "doi:10.1155/$1"},
	{"thelancet.com", `/article/PII` + pii, "doi:10.1016/$1"},
	{"bmj.com", `^/content/\d+/(bmj[.-][a-z\d-]+)`, "doi:10.1136/$1"},
	{"pnas.org", `^/content/(?:pnas/)?early/\d{4}/\d\d/\d\d/(\d{10})`, "doi:10.1073/pnas.$1"},
	{"nber.org", `^/(?:system/files/working_)?papers/(?:w\d+/)?(w\d+)`, "doi:10.3386/$1"},
	{"quantum-journal.org", `^/papers/(q-\d{4}-\d\d-\d\d-\d+)`, "doi:10.22331/$1"},
	{"scipost.org", `^/(SciPost\w+(?:\.\d+\.\d+\.\d+|(?:LectNotes|Codeb)\.\d+))`, "doi:10.21468/$1"},
	{"drops.dagstuhl.de", `/((?:LIPIcs|OASIcs)\.\w+\.\d{4}\.\d+)\.pdf`, "doi:10.4230/$1"},
	{"copernicus.org", `^/(?:articles|preprints)/(?:\d+/)*([a-z]+-\d[\d-]*\d)(?:[./?]|$)`, "doi:10.5194/$1"},
	{"ams.org", `^/journals/\w+/[\w-]+/(S[\d-]+[\dX])`, "doi:10.1090/$1"},
	{"projecteuclid.org", `/euclid\.(ao\w+|ss)/(\d+)`, "doi:10.1214/$1/$2"},
	{"cambridge.org", `^/core/product/identifier/(S\d{15}[\dX])`, "doi:10.1017/$1"},
	{"ijcai.org", `^/proceedings/(\d{4})/0*(\d+)`, "doi:10.24963/ijcai.$1/$2"},
	{"researchsquare.com", `^/article/(rs-\d+/v\d+)`, "doi:10.21203/rs.3.$1"},
	{"preprints.org", `^/manuscript/(\d{6}\.\d{4})/(v\d+)`, "doi:10.20944/preprints$1.$2"},

	// OpenReview and the ACL Anthology.
	{"openreview.net", `^/(?:login\?redirect=/)?(?:forum|pdf|attachment|revisions)\?(?:.*&)?id=([\w-]+)`, "openreview:$1"},
	{"openreview.net", `^/references\?(?:.*&)?referent=([\w-]+)`, "openreview:$1"},
	{"openreview.net", `^/references/pdf\?(?:.*&)?id=([\w-]+)`, "https://openreview.net/references/pdf?id=$1"},
	{"openreview.net", `^/pdf/([0-9a-f]{40})\.pdf`, "https://openreview.net/pdf/$1.pdf"},
	{"aclanthology.org aclanthology.info aclweb.org aclanthology.coli.uni-saarland.de",
		`^(?:/anthology(?:-new)?)?/(?:papers/)?(?:[A-Z]/[A-Z]\d\d/)?((?:[A-Z]\d\d-\d{4}|\d{4}\.[a-z0-9_-]+-\w+\.\d+?)(?:v\d+)?)(?:[./?]|$)`, "acl:$1"},

	// Proceedings and journals that keep no DOIs, or not in their addresses.
	{"proceedings.mlr.press", `-supp\.(?:pdf|zip)`, ""},
	{"proceedings.mlr.press", `^/([vr]\d+)/([\w-]+)(?:\.html|\.pdf|/[\w-]+\.pdf)`, "https://proceedings.mlr.press/$1/$2.html"},
	{"raw.githubusercontent.com", `^/mlresearch/(v\d+)/main/assets/([\w-]+)/[\w-]+\.pdf`, "https://proceedings.mlr.press/$1/$2.html"},
	{"jmlr.org", `^/proceedings/papers/(v\d+)/([\w-]+)\.(?:html|pdf)`, "https://proceedings.mlr.press/$1/$2.html"},
	{"jmlr.org jmlr.csail.mit.edu", `^/papers/v(?:olume)?(\d+)/([\w-]+)(?:\.html|\.bib|\.pdf|/[\w-]+\.(?:pdf|ps))`, "https://jmlr.org/papers/v$1/$2.html"},
	{"proceedings.neurips.cc papers.nips.cc papers.neurips.cc", file, "https://proceedings.neurips.cc/paper_files/paper/$1/hash/$2-Abstract$3.html"},
	{"papers.nips.cc papers.neurips.cc", `^/paper/(\d+-[\w-]+)`, "https://papers.nips.cc/paper/$1"},
	{"datasets-benchmarks-proceedings.neurips.cc", file, "https://datasets-benchmarks-proceedings.neurips.cc/paper/$1/hash/$2-Abstract$3.html"},
	{"proceedings.mlsys.org", file, "https://proceedings.mlsys.org/paper_files/paper/$1/hash/$2-Abstract$3.html"},
	{"proceedings.iclr.cc", file, "https://proceedings.iclr.cc/paper_files/paper/$1/hash/$2-Abstract$3.html"},
	{"neurips.cc nips.cc", `^/virtual/(\d{4})/(poster|oral|spotlight)/(\d+)`, "https://neurips.cc/virtual/$1/$2/$3"},
	{"icml.cc", `^/virtual/(\d{4})/(poster|oral|spotlight)/(\d+)`, "https://icml.cc/virtual/$1/$2/$3"},
	{"iclr.cc", `^/virtual/(\d{4})/(poster|oral|spotlight)/(\d+)`, "https://iclr.cc/virtual/$1/$2/$3"},
	{"cvpr.thecvf.com", `^/virtual/(\d{4})/(poster|oral|spotlight)/(\d+)`, "https://cvpr.thecvf.com/virtual/$1/$2/$3"},
	{"iccv.thecvf.com", `^/virtual/(\d{4})/(poster|oral|spotlight)/(\d+)`, "https://iccv.thecvf.com/virtual/$1/$2/$3"},
	{"openaccess.thecvf.com cv-foundation.org", `^/(?:openaccess/)?(content[\w/-]*)/(?:html|papers)/((?:w\d+/)?[\w.-]+_paper)\.(?:html|pdf)`, "https://openaccess.thecvf.com/$1/html/$2.html"},
	{"ecva.net", `-supp\.(?:pdf|zip)`, ""},
	{"ecva.net", `/(?:papers|html)/([a-z][\w.-]*_ECCV_(\d{4})_paper)\.(?:pdf|php)`, "https://www.ecva.net/papers/eccv_$2/papers_ECCV/papers/$1.pdf"},
	{"ecva.net", `^/papers/eccv_(\d{4})/papers_ECCV/(papers/\w+\.pdf|html/\w+\.php)`, "https://www.ecva.net/papers/eccv_$1/papers_ECCV/$2"},
	{"roboticsproceedings.org", `^/(rss\d+)/(p\d+)\.(?:html|pdf|bib)`, "https://www.roboticsproceedings.org/$1/$2.html"},
	{"ojs.aaai.org aaai.org", `^(?:/ojs)?/index\.php/([\w-]+)/article/(?:view|download)/(\d+)`, "https://ojs.aaai.org/index.php/$1/article/view/$2"},
	{"aaai.org", `^/papers/(\d+-[\w-]+)`, "https://aaai.org/papers/$1/"},
	{"aaai.org", `^/(?:Papers/)?([a-z]+/\d{4}/[\w-]+)\.pdf`, "https://cdn.aaai.org/$1.pdf"},
	{"isca-speech.org isca-archive.org", `^/(?:archive/)?(?:pdfs/)?(\w+_\d{4}/[\w-]+\d\d[a-z]?_\w+)\.(?:html|pdf)`, "https://www.isca-archive.org/$1.html"},
	{"isca-speech.org", `^/archive/(\w+_\d{4})/(?:abstracts|pdfs)/([\w-]+)\.(?:html|pdf)`, "https://www.isca-speech.org/archive/$1/abstracts/$2.html"},
	{"vldb.org", `^/pvldb/(vol\d+/p\d+-[\w-]+)\.pdf`, "https://www.vldb.org/pvldb/$1.pdf"},
	{"cidrdb.org", `^/(cidr\d{4})/papers/([\w-]+)\.pdf`, "https://www.cidrdb.org/$1/papers/$2.pdf"},
	{"ndss-symposium.org", `^/ndss-paper/([\w-]+)`, "https://www.ndss-symposium.org/ndss-paper/$1/"},
	{"usenix.org", `^/legacy/([\w/-]+)\.pdf`, "https://www.usenix.org/legacy/$1.pdf"},
	{"usenix.org", `^/conference/([\w-]+)/(?:technical-sessions/)?presentation/([\w-]+)`, "https://www.usenix.org/conference/$1/presentation/$2"},
	{"usenix.org", `^/system/files/([\w/-]+)\.pdf`, "https://www.usenix.org/system/files/$1.pdf"},
	{"ieeexplore.ieee.org", `^/(?:abstract/)?document/0*(\d+)`, "https://ieeexplore.ieee.org/document/$1"},
	{"ieeexplore.ieee.org", `[?&]arnumber=0*(\d+)`, "https://ieeexplore.ieee.org/document/$1"},
	{"ieeexplore.ieee.org", `^/iel\w*/(?:\d+/)+0*(\d+)\.pdf`, "https://ieeexplore.ieee.org/document/$1"},
	{"computer.org", `^/csdl/((?:proceedings-article|journal|magazine)/[\w-]+/\d{4}/(?:\d+/)?\w+/\w{11})`, "https://www.computer.org/csdl/$1"},
	{"sciencedirect.com", `^/science/article/(?:abs/|am/)?pii/(\w+)`, "https://www.sciencedirect.com/science/article/pii/$1"},
	{"elsevier.com", `/pii/(S\w+)`, "https://www.sciencedirect.com/science/article/pii/$1"},
	{"ncbi.nlm.nih.gov", `^(?:/pmc)?/articles/PMC(\d+)`, "https://pmc.ncbi.nlm.nih.gov/articles/PMC$1/"},
	{"pubmed.ncbi.nlm.nih.gov", `^/(\d+)`, "https://pubmed.ncbi.nlm.nih.gov/$1/"},
	{"ncbi.nlm.nih.gov", `^(?:/m)?/pubmed/(\d+)`, "https://pubmed.ncbi.nlm.nih.gov/$1/"},
	{"europepmc.org", `^/(?:article|abstract)/MED/(\d+)`, "https://pubmed.ncbi.nlm.nih.gov/$1/"},
	{"europepmc.org", `^/articles?/(?:PMC/)?PMC(\d+)`, "https://pmc.ncbi.nlm.nih.gov/articles/PMC$1/"},
	{"europepmc.org", `^/article/PPR/(PPR\d+)`, "https://europepmc.org/article/PPR/$1"},
	{"mdpi.com", `^/(\d{4}-\d{3}[\dX]/\d+/\d+/\d+)`, "https://www.mdpi.com/$1"},
	{"eprint.iacr.org ia.cr", `^/(\d{4}/\d+)`, "https://eprint.iacr.org/$1"},
	{"distill.pub", `^/(\d{4}/[\w-]+)`, "https://distill.pub/$1/"},
	{"transformer-circuits.pub", `^/(\d{4}/[\w-]+)`, "https://transformer-circuits.pub/$1/"},
	{"cell.com", `^/([\w-]+)/(?:fulltext|abstract|pdf)/` + pii, "https://www.cell.com/$1/fulltext/$2"},
	{"pnas.org", `^/content/(\d+/\d+/[A-Z]?\d+)`, "https://www.pnas.org/content/$1"},
	{"science.sciencemag.org", `^/content/(\d+/\d+/\d+)`, "https://science.sciencemag.org/content/$1"},
	{"jamanetwork.com", `^/journals/([\w-]+)/(?:full)?article(?:-abstract)?/(\d+)`, "https://jamanetwork.com/journals/$1/fullarticle/$2"},
	{"cambridge.org", `^/core/.*(?:article|view|product)/(?:.*/)?([0-9A-F]{32})(?:[/?]|$)`, "https://www.cambridge.org/core/product/$1"},
	{"f1000research.com", `^/articles/(\d+-\d+)`, "https://f1000research.com/articles/$1"},
	{"citeseerx.ist.psu.edu", `[?&]doi=(10\.1\.1\.[\d.]*\d)`, "https://citeseerx.ist.psu.edu/viewdoc/summary?doi=$1"},
	{"citeseerx.ist.psu.edu", `(?:[?&]doi=|/pid/|/pdf/)([0-9a-f]{40})`, "https://citeseerx.ist.psu.edu/doc_view/pid/$1"},
	{"core.ac.uk", `^/(?:download(?:/pdf)?|reader|outputs|display)/(\d+)`, "https://core.ac.uk/outputs/$1"},
	{"escholarship.org", `^/uc/item/(\w+)`, "https://escholarship.org/uc/item/$1"},
	{"osti.gov", `^/(?:biblio|servlets/purl)/(\d+)`, "https://www.osti.gov/biblio/$1"},
	{"cds.cern.ch", `^/record/(\d+)`, "https://cds.cern.ch/record/$1"},
	{"vixra.org", `^/(?:abs|pdf)/(\d{4}\.\d{4})`, "https://vixra.org/abs/$1"},
	{"hal.science archives-ouvertes.fr hal.inria.fr", `^/([a-z]+-\d{8})`, "https://hal.science/$1"},
	{"researchgate.net", `^/publication/(\d+)`, "https://www.researchgate.net/publication/$1"},
	{"osf.io", `^/preprints/(\w+/[a-z0-9]{5})(?:[_/?]|$)`, "https://osf.io/preprints/$1"},
	{"psyarxiv.com", `^/([a-z0-9]{5})(?:[/?]|$)`, "https://osf.io/preprints/psyarxiv/$1"},
	{"chemrxiv.org", `^/engage/chemrxiv/article-details/(\w+)`, "https://chemrxiv.org/engage/chemrxiv/article-details/$1"},

	// Laboratories' own lists of their papers.
	{"research.google", `^/pubs/([\w-]+)`, "https://research.google/pubs/$1/"},
	{"microsoft.com", `^/(?:[a-z-]+/)?research/publication/([\w-]+)`, "https://www.microsoft.com/en-us/research/publication/$1/"},
	{"ai.meta.com ai.facebook.com", `^/research/publications/([\w-]+)`, "https://ai.meta.com/research/publications/$1/"},
	{"machinelearning.apple.com", `^/research/([\w-]+)`, "https://machinelearning.apple.com/research/$1"},
	{"research.nvidia.com", `^/(?:labs/[\w-]+/)?publication/([\w-]+)`, "https://research.nvidia.com/publication/$1"},
	{"cdn.openai.com", `^/([\w/-]+)\.pdf`, "https://cdn.openai.com/$1.pdf"},

	// Pages that only lead on; links that hold another one whole are split by FindIDs.
	{"web.archive.org hyp.is", `^/(?:web/)?[^/?]+/(?:https?:/+)?(\w.+)`, "link:$1"},
	{"urldefense.com urldefense.us", `^/v3/__https?:/([^/].*?)__;`, "link:$1"}, // a slash lost on the way
	{"webcache.googleusercontent.com", `[?&]q=cache:(?:[\w-]{12}:)?([^+&]+)`, "link:$1"},
	{"urldefense.proofpoint.com urldefense.com", `^/v2/url\?(?:.*&)?u=([^&]+)`, "proofpoint:$1"},
})

type site struct{ hosts, path, name string }

func compile(table []site) map[string][]rule {
	rules := map[string][]rule{}
	for _, s := range table {
		// $1 would swallow letters that follow it.
		r := rule{regexp.MustCompile(`(?i)` + s.path), reference.ReplaceAllString(s.name, `$${$1}`)}
		for host := range strings.FieldsSeq(s.hosts) {
			rules[host] = append(rules[host], r)
		}
	}
	return rules
}

var reference = regexp.MustCompile(`\$(\d)`)
